namespace Deconfliction.LoadTests.Rows;

/// <summary>What to measure of the table, and how thoroughly.</summary>
internal sealed record RowOptions
{
    /// <summary>Names of rows; empty for all that are due.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>A look, not a figure.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether the rows that need a large store are due, and nothing else.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Alternating rounds; the median counts.</summary>
    public int Rounds { get; init; }

    /// <summary>Length of a round.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>How long each number of callers is tried.</summary>
    public TimeSpan Trial { get; init; }

    /// <summary>How long each side is called before anything counts.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Live claims of the large store.</summary>
    public int LargeClaims { get; init; }

    /// <summary>Path of the kept results without extension: rows measured now take the place of what they have of them.</summary>
    public string? Keep { get; init; }

    /// <summary>A file whose table is to be replaced.</summary>
    public string? Readme { get; init; }

    /// <summary>Why the rows of the cluster edition are left out; nothing where they are not.</summary>
    public string? WithoutSilo { get; init; }

    /// <summary>What is measured.</summary>
    public string Commit { get; init; } = "";

    /// <summary>How long the whole run may take.</summary>
    public TimeSpan Limit => IsQuick ? TimeSpan.FromMinutes(8) : IsLarge ? TimeSpan.FromMinutes(90) : TimeSpan.FromMinutes(45);
}
