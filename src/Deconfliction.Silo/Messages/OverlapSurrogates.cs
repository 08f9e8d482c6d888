using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Silo.Messages;

/// <summary>One side of an overlap on the wire.</summary>
[GenerateSerializer]
[Alias("deconfliction.overlap-side")]
public struct OverlapSideSurrogate
{
    [Id(0)] public Guid ClaimId;
    [Id(1)] public string Agency;
    [Id(2)] public bool Raised;
    [Id(3)] public bool ContactGiven;
    [Id(4)] public DateTimeOffset? AcknowledgedAt;
}

/// <summary>An overlap on the wire.</summary>
[GenerateSerializer]
[Alias("deconfliction.overlap")]
public struct OverlapSurrogate
{
    [Id(0)] public Guid Id;
    [Id(1)] public OverlapSideSurrogate A;
    [Id(2)] public OverlapSideSurrogate B;
    [Id(3)] public int Strength;
    [Id(4)] public bool WindowAssumed;
    [Id(5)] public DateTimeOffset FoundAt;
    [Id(6)] public int Outcome;
    [Id(7)] public DateTimeOffset? ResolvedAt;
}

/// <summary>An overlap with both claims on the wire.</summary>
[GenerateSerializer]
[Alias("deconfliction.overlap-view")]
public struct OverlapViewSurrogate
{
    [Id(0)] public Overlap Overlap;
    [Id(1)] public Claim A;
    [Id(2)] public Claim B;
}

/// <summary>A pointer on the wire.</summary>
[GenerateSerializer]
[Alias("deconfliction.pointer")]
public struct PointerSurrogate
{
    [Id(0)] public Guid OverlapId;
    [Id(1)] public Guid OwnClaimId;
    [Id(2)] public int Visibility;
    [Id(3)] public Claim Other;
    [Id(4)] public bool WindowAssumed;
    [Id(5)] public Overlap? Overlap;
}

[RegisterConverter]
internal sealed class OverlapConverter : IConverter<Overlap, OverlapSurrogate>
{
    public Overlap ConvertFromSurrogate(in OverlapSurrogate surrogate) => new()
    {
        Id = surrogate.Id,
        A = From(surrogate.A),
        B = From(surrogate.B),
        Strength = (Strength)surrogate.Strength,
        WindowAssumed = surrogate.WindowAssumed,
        FoundAt = surrogate.FoundAt,
        Outcome = (Outcome)surrogate.Outcome,
        ResolvedAt = surrogate.ResolvedAt,
    };

    public OverlapSurrogate ConvertToSurrogate(in Overlap value) => new()
    {
        Id = value.Id,
        A = To(value.A),
        B = To(value.B),
        Strength = (int)value.Strength,
        WindowAssumed = value.WindowAssumed,
        FoundAt = value.FoundAt,
        Outcome = (int)value.Outcome,
        ResolvedAt = value.ResolvedAt,
    };

    private static OverlapSide From(OverlapSideSurrogate side) =>
        new(side.ClaimId, AgencyId.Parse(side.Agency), side.Raised, side.ContactGiven, side.AcknowledgedAt);

    private static OverlapSideSurrogate To(OverlapSide side) => new()
    {
        ClaimId = side.ClaimId,
        Agency = side.Agency.Value,
        Raised = side.Raised,
        ContactGiven = side.ContactGiven,
        AcknowledgedAt = side.AcknowledgedAt,
    };
}

[RegisterConverter]
internal sealed class OverlapViewConverter : IConverter<OverlapView, OverlapViewSurrogate>
{
    public OverlapView ConvertFromSurrogate(in OverlapViewSurrogate surrogate) => new(surrogate.Overlap, surrogate.A, surrogate.B);

    public OverlapViewSurrogate ConvertToSurrogate(in OverlapView value) => new() { Overlap = value.Overlap, A = value.A, B = value.B };
}

[RegisterConverter]
internal sealed class PointerConverter : IConverter<Pointer, PointerSurrogate>
{
    public Pointer ConvertFromSurrogate(in PointerSurrogate surrogate) => new(
        surrogate.OverlapId, surrogate.OwnClaimId, (Visibility)surrogate.Visibility, surrogate.Other, surrogate.WindowAssumed)
    {
        Overlap = surrogate.Overlap,
    };

    public PointerSurrogate ConvertToSurrogate(in Pointer value) => new()
    {
        OverlapId = value.OverlapId,
        OwnClaimId = value.OwnClaimId,
        Visibility = (int)value.Visibility,
        Other = value.Other,
        WindowAssumed = value.WindowAssumed,
        Overlap = value.Overlap,
    };
}
