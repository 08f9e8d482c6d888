using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Tests;

/// <summary>
/// What every ledger must do, whatever database is under it: one suite, inherited by each database's tests. Two ledgers are
/// open on each test's store, blind to each other but for the database.
/// </summary>
public abstract partial class LedgerCompliance : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private TestStore? _store;
    private ILedger? _ledger;
    private ILedger? _other;

    /// <summary>The store of this test.</summary>
    protected TestStore Store => _store!;

    /// <summary>One ledger on it.</summary>
    protected ILedger Ledger => _ledger!;

    /// <summary>Another ledger on the same store, which knows nothing of the first.</summary>
    protected ILedger Other => _other!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _store = await CreateStoreAsync();
        _ledger = await _store.OpenAsync(TestStore.Options);
        _other = await _store.OpenAsync(TestStore.Options);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_other is not null)
        {
            await _other.DisposeAsync();
        }

        if (_ledger is not null)
        {
            await _ledger.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    /// <summary>An empty database.</summary>
    protected abstract Task<TestStore> CreateStoreAsync();

    private Task<IdentifierRecord> LoadAsync(Tag tag) => Ledger.LoadAsync(tag, Lane.Interactive, None);

    private Task<AppendOutcome> AppendAsync(Append append, ILedger? ledger = null) =>
        (ledger ?? Ledger).AppendAsync(append, Lane.Interactive, None);

    private async Task<long> CommitAsync(Append append) =>
        Assert.IsType<AppendOutcome.Committed>(await AppendAsync(append)).Version;

    // Makes a claim on top of what is there.
    private async Task<Claim> ClaimAsync(Tag tag, AgencyId agency, string caseReference = "case-1", Guid? requestId = null)
    {
        var claim = Facts.Claim(agency, Ledger.Now, caseReference);
        await ChangeAsync(tag, Facts.Draft(agency, Operation.Claim, requestId), new IdentifierEvent.ClaimMade(claim));
        return claim;
    }

    // Commits a change on top of what is there.
    private async Task<long> ChangeAsync(Tag tag, AuditDraft draft, params IdentifierEvent[] events)
    {
        var found = await LoadAsync(tag);
        var id = found.Version == 0 ? Guid.CreateVersion7() : found.Id;
        return await CommitAsync(Facts.Append(tag, id, found.Version, draft, events));
    }

    // Two agencies' claims on one identifier, and their overlap.
    private async Task<OverlapView> OverlapAsync(Tag tag, AgencyId there, AgencyId came, string caseReference = "case-1") =>
        await OverlapAsync(tag, await ClaimAsync(tag, there, caseReference), came, caseReference);

    private async Task<OverlapView> OverlapAsync(Tag tag, Claim a, AgencyId came, string caseReference = "case-1")
    {
        var b = Facts.Claim(came, Ledger.Now, caseReference);
        var overlap = Facts.Overlap(a, b, Ledger.Now);
        await ChangeAsync(
            tag, Facts.Draft(came), new IdentifierEvent.ClaimMade(b), new IdentifierEvent.OverlapFound(overlap));
        return new OverlapView(overlap, a, b);
    }

    private Task<long> EndAsync(Tag tag, Claim claim, DateTimeOffset at, EndReason reason = EndReason.Released) => ChangeAsync(
        tag,
        Facts.Draft(claim.Agency, Operation.ReleaseClaim),
        new IdentifierEvent.ClaimEnded(claim with { EndedAt = at, EndReason = reason, Revision = claim.Revision + 1 }));

    private async Task<IReadOnlyList<AuditEntry>> AuditAsync() => await Ledger.ListAuditAsync(new AuditQuery(After: null, 1000), None);
}
