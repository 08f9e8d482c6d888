namespace Deconfliction.Silo.Panels;

/// <summary>Refusals for one reason.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-problem")]
public sealed class PanelProblem
{
    /// <summary>gRPC status.</summary>
    [Id(0)]
    public string Status { get; init; } = "";

    /// <summary>The reason, as callers get it.</summary>
    [Id(1)]
    public string Reason { get; init; } = "";

    /// <summary>How often since the start.</summary>
    [Id(2)]
    public long Count { get; init; }

    /// <summary>When last.</summary>
    [Id(3)]
    public DateTimeOffset LastAt { get; init; }
}

/// <summary>What one agency did at a silo since its start.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-agency")]
public sealed class PanelAgency
{
    /// <summary>Which.</summary>
    [Id(0)]
    public string Agency { get; init; } = "";

    /// <summary>Calls.</summary>
    [Id(1)]
    public long Calls { get; init; }

    /// <summary>Claims answered.</summary>
    [Id(2)]
    public long Claims { get; init; }

    /// <summary>Checks answered.</summary>
    [Id(3)]
    public long Checks { get; init; }

    /// <summary>Checks answered with a hit.</summary>
    [Id(4)]
    public long Hits { get; init; }

    /// <summary>Streams open now.</summary>
    [Id(5)]
    public long OpenStreams { get; init; }

    /// <summary>When its last call began.</summary>
    [Id(6)]
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>How much of its budget it uses, from 0 to 1.</summary>
    [Id(7)]
    public double BudgetUsed { get; init; }
}

/// <summary>An identifier that is asked for often.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-identifier")]
public sealed class PanelIdentifier
{
    /// <summary>Its pseudonym of the day.</summary>
    [Id(0)]
    public string Pseudonym { get; init; } = "";

    /// <summary>Its kind.</summary>
    [Id(1)]
    public string Kind { get; init; } = "";

    /// <summary>Why it is a hazard, where it is one.</summary>
    [Id(2)]
    public string? Hazard { get; init; }

    /// <summary>How often it was asked for.</summary>
    [Id(3)]
    public long Count { get; init; }
}

/// <summary>An overlap without its sides.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-overlap")]
public sealed class PanelOverlap
{
    /// <summary>Its number, to ask the ledger how far its sides were told; never shown.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    /// <summary>When it was found.</summary>
    [Id(1)]
    public DateTimeOffset FoundAt { get; init; }

    /// <summary>Kind of its identifier, where it is known.</summary>
    [Id(2)]
    public string? Kind { get; init; }

    /// <summary>How sure it is.</summary>
    [Id(3)]
    public string Strength { get; init; } = "";

    /// <summary>From the claim's turn to the commit.</summary>
    [Id(4)]
    public TimeSpan TimeToFlag { get; init; }
}
