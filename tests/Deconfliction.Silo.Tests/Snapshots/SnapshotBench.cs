using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Deciding.Snapshots;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Silo.Tests.Snapshots;

/// <summary>Makes sound snapshots of any size.</summary>
internal static class SnapshotBench
{
    /// <summary>The ledger's history that they are of.</summary>
    public static Guid History { get; } = Guid.NewGuid();

    /// <summary>A snapshot with so many claims, whose cases are of so many characters.</summary>
    public static StoredSnapshot Make(Tag tag, long version, int claims, int caseLength = 8, Guid? history = null)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var random = new Random(claims);
        var live = Enumerable.Range(0, claims).Select(i => new Claim
        {
            Id = Guid.CreateVersion7(now.AddSeconds(i)),
            Agency = AgencyId.Parse($"agency-{i % 7}"),
            Role = AgencyRole.LawEnforcement,
            Case = string.Create(caseLength, random, static (text, from) => from.GetItems("abcdefghijklmnopqrstuvwxyz0123456789", text)),
            CreatedAt = now,
            ExpiresAt = now.AddDays(100),
            Sealed = new byte[] { 1 },
        });
        var state = IdentifierState.Restore(version, hazard: null, isCrowd: false, live);
        var snapshot = state.Capture(new SnapshotStamp(tag, Guid.NewGuid(), Guid.Empty, version, now)).Write(history ?? History);
        return new StoredSnapshot(version, snapshot.EarliestEnd, snapshot.Bytes);
    }
}
