using Deconfliction.Silo.Panels;
using Orleans;

namespace Deconfliction.Silo.Tests.Panels;

/// <summary>What a silo of a later version says, of the same format: fields that this version does not know, of types that it does not know either.</summary>
[GenerateSerializer]
[Alias("tests.panel-report-later")]
public sealed class LaterReport
{
    [Id(0)]
    public string Version { get; init; } = "";

    [Id(2)]
    public bool IsDraining { get; init; }

    [Id(4)]
    public IReadOnlyList<PanelFigure> Activations { get; init; } = [];

    [Id(9)]
    public bool IsMore { get; init; }

    [Id(14)]
    public int Format { get; init; }

    [Id(16)]
    public IReadOnlyList<LaterFigure> Disks { get; init; } = [];

    [Id(17)]
    public Dictionary<string, LaterFigure> Zones { get; init; } = [];

    [Id(18)]
    public string Rack { get; init; } = "";
}

/// <summary>A type that this version does not know.</summary>
[GenerateSerializer]
[Alias("tests.panel-figure-later")]
public sealed class LaterFigure
{
    [Id(0)]
    public string Series { get; init; } = "";

    [Id(1)]
    public double Value { get; init; }

    [Id(2)]
    public string Unit { get; init; } = "";
}

/// <summary>What a silo said before there were formats.</summary>
[GenerateSerializer]
[Alias("tests.panel-report-older")]
public sealed class OlderReport
{
    [Id(0)]
    public string Version { get; init; } = "";

    [Id(3)]
    public DateTimeOffset StartedAt { get; init; }
}

/// <summary>One in which a field that this version knows has another type: it cannot be read.</summary>
[GenerateSerializer]
[Alias("tests.panel-report-changed")]
public sealed class ChangedReport
{
    [Id(0)]
    public string Version { get; init; } = "";

    [Id(4)]
    public LaterFigure Activations { get; init; } = new();

    [Id(14)]
    public int Format { get; init; }
}
