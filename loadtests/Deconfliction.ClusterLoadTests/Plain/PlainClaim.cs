namespace Deconfliction.ClusterLoadTests.Plain;

/// <summary>A claim as the plain way keeps it: the same facts as the grid's, and nothing sealed.</summary>
[GenerateSerializer]
[Immutable]
[Alias("plain.claim")]
public sealed record PlainClaim
{
    /// <summary>The claim number.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    [Id(1)] public string Agency { get; init; } = "";

    /// <summary>Its case.</summary>
    [Id(2)] public string Case { get; init; } = "";

    /// <summary>The officer.</summary>
    [Id(3)] public string RequestedBy { get; init; } = "";

    /// <summary>The identifier, in clear.</summary>
    [Id(4)] public string Value { get; init; } = "";

    /// <summary>When it was made.</summary>
    [Id(5)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends.</summary>
    [Id(6)] public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>All that a plain grain keeps, and saves whole on each claim.</summary>
[GenerateSerializer]
[Alias("plain.identifier")]
public sealed class PlainIdentifier
{
    /// <summary>The claims on the identifier.</summary>
    [Id(0)] public List<PlainClaim> Claims { get; set; } = [];
}

/// <summary>A plain grain's answer: the claims of others that the new one meets.</summary>
[GenerateSerializer]
[Immutable]
[Alias("plain.answer")]
public sealed record PlainAnswer([property: Id(0)] PlainClaim Claim, [property: Id(1)] IReadOnlyList<PlainClaim> Met);
