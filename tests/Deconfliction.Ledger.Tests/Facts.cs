using System.Security.Cryptography;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Tests;

/// <summary>Facts to store, with what a test does not care about filled in.</summary>
internal static class Facts
{
    public static readonly AgencyId Alpha = AgencyId.Parse("alpha");
    public static readonly AgencyId Beta = AgencyId.Parse("beta");
    public static readonly AgencyId Gamma = AgencyId.Parse("gamma");

    public static Tag NewTag() => new(RandomNumberGenerator.GetBytes(Tag.Length));

    public static Claim Claim(AgencyId agency, DateTimeOffset now, string caseReference = "case-1") => new()
    {
        Id = Guid.CreateVersion7(),
        Agency = agency,
        Role = AgencyRole.LawEnforcement,
        Case = caseReference,
        RequestedBy = "officer-7",
        CreatedAt = now,
        ExpiresAt = now.AddDays(180),
        Sealed = RandomNumberGenerator.GetBytes(48),
    };

    public static Overlap Overlap(Claim there, Claim came, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        A = new OverlapSide(there.Id, there.Agency),
        B = new OverlapSide(came.Id, came.Agency),
        FoundAt = now,
    };

    public static Alert Alert(AgencyId to, DateTimeOffset now, AlertKind kind = AlertKind.ClaimChecked) => new()
    {
        Id = Guid.CreateVersion7(),
        To = to,
        Kind = kind,
        CreatedAt = now,
    };

    public static AuditDraft Draft(AgencyId agency, Operation operation = Operation.Claim, Guid? requestId = null) => new()
    {
        Agency = agency,
        Certificate = "0a1b",
        RequestedBy = "officer-7",
        Operation = operation,
        Case = "case-1",
        RequestId = requestId,
        PayloadHash = requestId is null ? default : SHA256.HashData("payload"u8).AsMemory(),
    };

    public static Append Append(Tag tag, Guid identifierId, long version, AuditDraft draft, params IdentifierEvent[] events) => new()
    {
        Tag = tag,
        KeyId = 1,
        ExpectedVersion = version,
        IdentifierId = identifierId,
        Events = events,
        Audit = draft with { Tag = tag },
        ChangesState = events.Any(fact => fact is not IdentifierEvent.AlertRaised),
    };
}
