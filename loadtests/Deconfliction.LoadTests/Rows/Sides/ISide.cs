using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>What a side did in a round.</summary>
/// <param name="Rate">Items a second.</param>
/// <param name="Items">How many.</param>
/// <param name="Latencies">How long each took, where the side tells.</param>
internal sealed record SideRound(double Rate, long Items, LatencyHistogram? Latencies = null);

/// <summary>One of those that are measured against each other, ready to be called.</summary>
internal interface ISide
{
    /// <summary>What it is called in tables.</summary>
    string Name { get; }

    /// <summary>What it counts.</summary>
    string Unit { get; }

    /// <summary>How it is tuned.</summary>
    string Tuning { get; }

    /// <summary>Numbers of callers to try for the best one; the middle one warms it up.</summary>
    IReadOnlyList<int> Callers { get; }

    /// <summary>Whose processor time it takes.</summary>
    CpuSubjects Subjects { get; }

    /// <summary>How much of the round under way is done, roughly; 0 where the side does not tell before its end.</summary>
    long Done => 0;

    /// <summary>One round.</summary>
    /// <param name="number">Of callers.</param>
    /// <param name="length">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SideRound> RunAsync(int number, TimeSpan length, CancellationToken cancellationToken);
}
