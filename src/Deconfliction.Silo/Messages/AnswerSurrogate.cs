using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Silo.Messages;

/// <summary>An answer on the wire.</summary>
[GenerateSerializer]
[Alias("deconfliction.answer")]
public struct AnswerSurrogate
{
    [Id(0)] public int Status;
    [Id(1)] public Claim? Claim;
    [Id(2)] public Pointer[] Pointers;
    [Id(3)] public int PointerCount;
    [Id(4)] public bool PointersFromLedger;
    [Id(5)] public Claim[] OwnClaims;
    [Id(6)] public OverlapView? Overlap;
    [Id(7)] public string? Hazard;
    [Id(8)] public string? CrowdBand;
}

[RegisterConverter]
internal sealed class AnswerConverter : IConverter<Answer, AnswerSurrogate>
{
    public Answer ConvertFromSurrogate(in AnswerSurrogate surrogate) => new()
    {
        Status = (AnswerStatus)surrogate.Status,
        Claim = surrogate.Claim,
        Pointers = surrogate.Pointers,
        PointerCount = surrogate.PointerCount,
        PointersFromLedger = surrogate.PointersFromLedger,
        OwnClaims = surrogate.OwnClaims,
        Overlap = surrogate.Overlap,
        Hazard = surrogate.Hazard,
        CrowdBand = surrogate.CrowdBand,
    };

    public AnswerSurrogate ConvertToSurrogate(in Answer value) => new()
    {
        Status = (int)value.Status,
        Claim = value.Claim,
        Pointers = value.Pointers.Count == 0 ? [] : [.. value.Pointers],
        PointerCount = value.PointerCount,
        PointersFromLedger = value.PointersFromLedger,
        OwnClaims = value.OwnClaims.Count == 0 ? [] : [.. value.OwnClaims],
        Overlap = value.Overlap,
        Hazard = value.Hazard,
        CrowdBand = value.CrowdBand,
    };
}
