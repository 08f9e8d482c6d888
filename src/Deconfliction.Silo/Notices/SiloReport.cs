namespace Deconfliction.Silo.Notices;

/// <summary>What a silo says of itself.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.silo-report")]
public sealed class SiloReport
{
    /// <summary>Where agencies connect, where that is known.</summary>
    [Id(0)]
    public string Endpoint { get; init; } = "";

    /// <summary>Identifiers' grains here.</summary>
    [Id(1)]
    public int Identifiers { get; init; }

    /// <summary>Agencies' grains here.</summary>
    [Id(2)]
    public int Agencies { get; init; }

    /// <summary>Parts of the sweep here.</summary>
    [Id(3)]
    public int SweepParts { get; init; }

    /// <summary>Processor time that the process has used.</summary>
    [Id(4)]
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>Memory that the process holds, in bytes.</summary>
    [Id(5)]
    public long Memory { get; init; }

    /// <summary>Whether its database answers it.</summary>
    [Id(6)]
    public bool HasStore { get; init; }

    /// <summary>For how long it has not failed to.</summary>
    [Id(7)]
    public TimeSpan StoreHeldFor { get; init; }

    /// <summary>Version of its program; empty of one before it told.</summary>
    [Id(8)]
    public string Version { get; init; } = "";
}
