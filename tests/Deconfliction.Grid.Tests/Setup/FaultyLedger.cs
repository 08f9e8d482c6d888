using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Grid.Tests.Setup;

/// <summary>What goes wrong with a write.</summary>
public enum Fault
{
    None,

    /// <summary>It commits, and the answer is lost.</summary>
    CommittedUnknown,

    /// <summary>It is lost, and so is the answer.</summary>
    LostUnknown,

    /// <summary>The ledger says that somebody else wrote.</summary>
    Stale,

    /// <summary>Surely nothing was written.</summary>
    Unavailable,

    /// <summary>Shed by the ledger.</summary>
    Overloaded,
}

/// <summary>An append on its way; its operation is not known yet where the ledger itself has it decided.</summary>
public sealed record Attempt(Tag Tag, AgencyId Agency, Operation? Operation);

/// <summary>A real ledger in front of which a test can put faults, gates and another time.</summary>
public sealed class FaultyLedger(ILedger inner) : ILedger
{
    /// <summary>Decides what goes wrong with an append.</summary>
    public Func<Attempt, Fault> AppendFault { get; set; } = static _ => Fault.None;

    /// <summary>Decides what goes wrong with a numbering.</summary>
    public Func<AgencyId, Fault> NumberFault { get; set; } = static _ => Fault.None;

    /// <summary>Holds an append back before it reaches the ledger.</summary>
    public Func<Attempt, Lane, CancellationToken, Task> BeforeAppend { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>Runs after an identifier was read and before the reader gets it.</summary>
    public Func<Tag, Task> AfterLoad { get; set; } = static _ => Task.CompletedTask;

    /// <summary>How far the grid's time is ahead of the database's.</summary>
    public TimeSpan Ahead { get; set; }

    public int Loads;

    /// <summary>How many lists of overlaps were asked for.</summary>
    public int OverlapLists;

    /// <summary>How many overlaps were read by lists.</summary>
    public int OverlapsListed;

    public DateTimeOffset Now => inner.Now + Ahead;

    public LedgerHealth Health => inner.Health;

    public async Task<IdentifierRecord> LoadAsync(Tag tag, Lane lane, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Loads);
        var record = await inner.LoadAsync(tag, lane, cancellationToken);
        await AfterLoad(tag);
        return record;
    }

    public Task<AppendOutcome> AppendAsync(Append append, Lane lane, CancellationToken cancellationToken) => WriteAsync(
        new Attempt(append.Tag, append.Audit.Agency, append.Audit.Operation),
        lane,
        () => inner.AppendAsync(append, lane, cancellationToken),
        cancellationToken);

    public Task<AppendOutcome> DecideAsync(LateAppend late, Lane lane, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Loads);
        var ahead = late with { Decide = (record, now) => late.Decide(record, now + Ahead) };
        return WriteAsync(
            new Attempt(late.Tag, late.Agency, Operation: null),
            lane,
            () => inner.DecideAsync(ahead, lane, cancellationToken),
            cancellationToken);
    }

    private async Task<AppendOutcome> WriteAsync(
        Attempt attempt, Lane lane, Func<Task<AppendOutcome>> write, CancellationToken cancellationToken)
    {
        await BeforeAppend(attempt, lane, cancellationToken);
        switch (AppendFault(attempt))
        {
            case Fault.CommittedUnknown:
                _ = await write();
                throw new OutcomeUnknownException("A test lost the answer of a commit.");
            case Fault.LostUnknown:
                throw new OutcomeUnknownException("A test lost a commit and its answer.");
            case Fault.Stale:
                return new AppendOutcome.Stale();
            case Fault.Unavailable:
                throw new LedgerUnavailableException("A test cut the ledger off.");
            case Fault.Overloaded:
                throw new LedgerOverloadedException("A test filled the ledger's queue.", TimeSpan.FromMilliseconds(10));
            default:
                return await write();
        }
    }

    public async Task<bool> NumberAsync(AgencyId agency, long first, IReadOnlyList<Guid> alertIds, CancellationToken cancellationToken)
    {
        switch (NumberFault(agency))
        {
            case Fault.CommittedUnknown:
                _ = await inner.NumberAsync(agency, first, alertIds, cancellationToken);
                throw new OutcomeUnknownException("A test lost the answer of a numbering.");
            case Fault.Stale:
                return false;
            case Fault.None:
                return await inner.NumberAsync(agency, first, alertIds, cancellationToken);
            default:
                throw new LedgerUnavailableException("A test cut the ledger off.");
        }
    }

    public Task<AppendOutcome> RecordAsync(AuditDraft draft, Lane lane, CancellationToken cancellationToken) =>
        inner.RecordAsync(draft, lane, cancellationToken);

    public Task<LongIdentifierRecord?> LoadLongAsync(Tag tag, long? after, CancellationToken cancellationToken) =>
        inner.LoadLongAsync(tag, after, cancellationToken);

    public Task<StoredSnapshot?> ReadSnapshotAsync(Tag tag, CancellationToken cancellationToken) =>
        inner.ReadSnapshotAsync(tag, cancellationToken);

    public Task WriteSnapshotAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        inner.WriteSnapshotAsync(tag, snapshot, cancellationToken);

    public Task<RecordedRequest?> FindRequestAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken) =>
        inner.FindRequestAsync(agency, requestId, cancellationToken);

    public Task<OwnedClaim?> FindClaimAsync(AgencyId agency, Guid claimId, CancellationToken cancellationToken) =>
        inner.FindClaimAsync(agency, claimId, cancellationToken);

    public Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(ClaimQuery query, CancellationToken cancellationToken) =>
        inner.ListClaimsAsync(query, cancellationToken);

    public Task<OverlapRecord?> FindOverlapAsync(AgencyId agency, Guid overlapId, CancellationToken cancellationToken) =>
        inner.FindOverlapAsync(agency, overlapId, cancellationToken);

    public async Task<IReadOnlyList<OverlapRecord>> ListOverlapsAsync(OverlapQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref OverlapLists);
        var found = await inner.ListOverlapsAsync(query, cancellationToken);
        Interlocked.Add(ref OverlapsListed, found.Count);
        return found;
    }

    public Task<IReadOnlyList<OwnedClaim>> ReadClaimsAsync(IReadOnlyList<Guid> claimIds, CancellationToken cancellationToken) =>
        inner.ReadClaimsAsync(claimIds, cancellationToken);

    public Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken) =>
        inner.ReadFeedBoundsAsync(agency, cancellationToken);

    public Task<IReadOnlyList<Alert>> ReadUnnumberedAsync(AgencyId agency, int limit, CancellationToken cancellationToken) =>
        inner.ReadUnnumberedAsync(agency, limit, cancellationToken);

    public Task<IReadOnlyList<FeedEntry>> ReadFeedAsync(AgencyId agency, long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadFeedAsync(agency, after, limit, cancellationToken);

    public Task<AppendOutcome> AcknowledgeFeedAsync(
        AgencyId agency, long upTo, AuditDraft draft, CancellationToken cancellationToken) =>
        inner.AcknowledgeFeedAsync(agency, upTo, draft, cancellationToken);

    public Task<IReadOnlyList<AgencyId>> FindUnnumberedAgenciesAsync(int limit, CancellationToken cancellationToken) =>
        inner.FindUnnumberedAgenciesAsync(limit, cancellationToken);

    public Task<IReadOnlyList<AgencyRecord>> ListAgenciesAsync(CancellationToken cancellationToken) =>
        inner.ListAgenciesAsync(cancellationToken);

    public Task<AppendOutcome> SaveAgencyAsync(
        AgencyRecord agency, IReadOnlyList<Alert> alerts, AuditDraft draft, CancellationToken cancellationToken) =>
        inner.SaveAgencyAsync(agency, alerts, draft, cancellationToken);

    public Task<IReadOnlyList<Tag>> FindDueAsync(
        DateTimeOffset expiredBy, DateTimeOffset noticeBy, SweepParts parts, int limit, CancellationToken cancellationToken) =>
        inner.FindDueAsync(expiredBy, noticeBy, parts, limit, cancellationToken);

    public Task<int> PurgeAsync(
        DateTimeOffset endedBefore, DateTimeOffset auditBefore, int limit, CancellationToken cancellationToken) =>
        inner.PurgeAsync(endedBefore, auditBefore, limit, cancellationToken);

    public Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(Tag? after, int limit, CancellationToken cancellationToken) =>
        inner.ListIdentifiersAsync(after, limit, cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        inner.ListAuditAsync(query, cancellationToken);

    public Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken) => inner.VerifyAuditAsync(cancellationToken);

    public Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken) =>
        inner.ReadSettingAsync(name, cancellationToken);

    public Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken) =>
        inner.WriteSettingAsync(name, value, cancellationToken);

    public Task<bool> ReplaceSettingAsync(string name, string? expected, string value, CancellationToken cancellationToken) =>
        inner.ReplaceSettingAsync(name, expected, value, cancellationToken);

    public Task<LedgerStatistics> ReadStatisticsAsync(CancellationToken cancellationToken) =>
        inner.ReadStatisticsAsync(cancellationToken);

    // The store is closed by whoever opened it: two grids may share one.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
