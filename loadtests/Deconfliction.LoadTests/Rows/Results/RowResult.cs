using System.Text.Json.Serialization;
using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Rows.Results;

/// <summary>A figure of the table.</summary>
/// <param name="What">What it is of.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Target">What it is to reach, where something is asked for.</param>
/// <param name="Rounds">One value a round.</param>
internal sealed record RowFigure(string What, string Unit, Target? Target, IReadOnlyList<double> Rounds)
{
    /// <summary>The rounds in short.</summary>
    public Spread Value => Spread.Of(Rounds);
}

/// <summary>What one side did in the rounds.</summary>
internal sealed record SideResult
{
    /// <summary>Which side.</summary>
    public required string Name { get; init; }

    /// <summary>Its number of callers: the best of those tried, or the one that the row asks for.</summary>
    public required string Callers { get; init; }

    /// <summary>What else was tried, and gave what.</summary>
    public string Tried { get; init; } = "";

    /// <summary>Unit of the rounds.</summary>
    public required string Unit { get; init; }

    /// <summary>One value a round.</summary>
    public required IReadOnlyList<double> Rounds { get; init; }

    /// <summary>How long its calls took, where that was measured.</summary>
    public Latency? Latency { get; init; }

    /// <summary>What it cost, in all rounds together.</summary>
    public CpuCost? Cpu { get; init; }

    /// <summary>How it is tuned.</summary>
    public string Tuning { get; init; } = "";
}

/// <summary>All that one row gave, and when.</summary>
internal sealed record RowResult
{
    /// <summary>The row, as <c>--only</c> takes it.</summary>
    public required string Row { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How thorough: rounds and their length.</summary>
    public required string Rounds { get; init; }

    /// <summary>What was measured: the commit.</summary>
    public required string Commit { get; init; }

    /// <summary>The machine, the versions and the database's settings that it was measured with.</summary>
    public string Setting { get; init; } = "";

    /// <summary>Load average of the machine before it.</summary>
    public required string LoadBefore { get; init; }

    /// <summary>Times a second that the disk made 8 kB durable, just before.</summary>
    public required double SyncsPerSecond { get; init; }

    /// <summary>Nanoseconds of a read among 8 MB, just before (<see cref="CacheRead"/>); nothing in results of before it was measured.</summary>
    public double? CacheReadNanoseconds { get; init; }

    /// <summary>Its figures.</summary>
    public List<RowFigure> Figures { get; init; } = [];

    /// <summary>The sides.</summary>
    public List<SideResult> Sides { get; init; } = [];

    /// <summary>Why it was not measured, where it was not.</summary>
    public string? LeftOut { get; set; }

    /// <summary>What a reader must know.</summary>
    public List<string> Notes { get; init; } = [];
}

/// <summary>A run's results, and where they were measured.</summary>
internal sealed record RunResult
{
    /// <summary>The machine.</summary>
    public required string Machine { get; init; }

    /// <summary>Versions of what ran.</summary>
    public required string Versions { get; init; }

    /// <summary>How the database was set up, the same for every side.</summary>
    public required string Database { get; init; }

    /// <summary>All of that in a line.</summary>
    [JsonIgnore]
    public string Setting => $"{Machine}. {Versions}. {Database}";

    /// <summary>The rows.</summary>
    public IReadOnlyList<RowResult> Rows { get; init; } = [];
}
