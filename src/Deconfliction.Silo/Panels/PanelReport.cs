namespace Deconfliction.Silo.Panels;

/// <summary>
/// What a silo says of itself for the operations pages of another. Totals, and each agency by itself: never who met whom, never an
/// identifier or its tag, and of SILENT overlaps the number alone.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-report")]
public sealed class PanelReport
{
    /// <summary>Version of its program; empty where its pages are not there yet.</summary>
    [Id(0)]
    public string Version { get; init; } = "";

    /// <summary>Why it takes no work; empty where it does.</summary>
    [Id(1)]
    public string Problem { get; init; } = "";

    /// <summary>Whether it is about to stop.</summary>
    [Id(2)]
    public bool IsDraining { get; init; }

    /// <summary>Since when it runs.</summary>
    [Id(3)]
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Grains that live there, by kind.</summary>
    [Id(4)]
    public IReadOnlyList<PanelFigure> Activations { get; init; } = [];

    /// <summary>Samples of 5 s that were asked for, oldest first.</summary>
    [Id(5)]
    public IReadOnlyList<PanelSample> Fine { get; init; } = [];

    /// <summary>Samples of 5 min that were asked for, oldest first.</summary>
    [Id(6)]
    public IReadOnlyList<PanelSample> Coarse { get; init; } = [];

    /// <summary>How many samples of 5 s there were with these.</summary>
    [Id(7)]
    public long FineUntil { get; init; }

    /// <summary>How many samples of 5 min there were with these.</summary>
    [Id(8)]
    public long CoarseUntil { get; init; }

    /// <summary>Whether there are more samples to ask for.</summary>
    [Id(9)]
    public bool IsMore { get; init; }

    /// <summary>Refusals.</summary>
    [Id(10)]
    public IReadOnlyList<PanelProblem> Problems { get; init; } = [];

    /// <summary>What each agency did, where it was asked for.</summary>
    [Id(11)]
    public IReadOnlyList<PanelAgency> Agencies { get; init; } = [];

    /// <summary>The identifiers asked for most, by pseudonym.</summary>
    [Id(12)]
    public IReadOnlyList<PanelIdentifier> Identifiers { get; init; } = [];

    /// <summary>The overlaps found last, without those that have a SILENT side.</summary>
    [Id(13)]
    public IReadOnlyList<PanelOverlap> Overlaps { get; init; } = [];

    /// <summary>Which meaning its fields have: <see cref="PanelWire.Format"/> of the silo that wrote it; 0 of one before there were formats.</summary>
    [Id(14)]
    public int Format { get; init; }

    /// <summary>When it joined its cluster; nothing of one that does not tell.</summary>
    [Id(15)]
    public DateTimeOffset? JoinedAt { get; init; }
}

/// <summary>What a silo measured over a stretch of time.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-sample")]
public sealed class PanelSample
{
    /// <summary>When the stretch ended.</summary>
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>How long it was.</summary>
    [Id(1)]
    public TimeSpan Length { get; init; }

    /// <summary>Durations and sizes.</summary>
    [Id(2)]
    public IReadOnlyList<PanelHistogram> Histograms { get; init; } = [];

    /// <summary>How often something happened.</summary>
    [Id(3)]
    public IReadOnlyList<PanelFigure> Counts { get; init; } = [];

    /// <summary>What stood at a figure.</summary>
    [Id(4)]
    public IReadOnlyList<PanelFigure> Gauges { get; init; } = [];
}

/// <summary>The values of a series.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-histogram")]
public sealed class PanelHistogram
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public string Series { get; init; } = "";

    /// <summary>The buckets that have any, as <see cref="PackedBuckets"/> writes them.</summary>
    [Id(1)]
    public byte[] Buckets { get; init; } = [];

    /// <summary>Sum of the values.</summary>
    [Id(2)]
    public long Sum { get; init; }

    /// <summary>The largest.</summary>
    [Id(3)]
    public long Largest { get; init; }
}

/// <summary>A name and a number.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.panel-figure")]
public sealed class PanelFigure
{
    /// <summary>The name.</summary>
    [Id(0)]
    public string Series { get; init; } = "";

    /// <summary>The number.</summary>
    [Id(1)]
    public double Value { get; init; }
}
