using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Claims;
using Deconfliction.Grid.Feeds;
using Deconfliction.Grid.Overlaps;
using Deconfliction.Grid.Recording;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Grid;

/// <summary>The grid over any host of actors.</summary>
public sealed class Grid : IGrid
{
    private readonly ILedger _ledger;
    private readonly IActors _actors;
    private readonly Recorder _recorder;
    private readonly ClaimRequests _claims;
    private readonly CaseRelease _cases;
    private readonly OverlapRequests _overlaps;
    private readonly FeedRequests _feeds;

    /// <summary>Puts the grid together.</summary>
    public Grid(ILedger ledger, IActors actors, GridOptions options, GridMeters meters, TimeProvider time)
    {
        _ledger = ledger;
        _actors = actors;
        _recorder = new Recorder(ledger);
        _claims = new ClaimRequests(ledger, actors, _recorder, new ReplayedAnswers(ledger, options.Policy, _recorder), meters, time);
        _cases = new CaseRelease(ledger, actors, _recorder);
        _overlaps = new OverlapRequests(ledger, actors, _recorder, _claims);
        _feeds = new FeedRequests(ledger, actors, _recorder, options, meters);
    }

    /// <inheritdoc/>
    public DateTimeOffset Now => _ledger.Now;

    /// <inheritdoc/>
    public Task<Answer> MakeClaimAsync(
        TagKey key, Command.MakeClaim command, RequestContext request, CancellationToken cancellationToken) =>
        _claims.MakeAsync(key, command, request, cancellationToken);

    /// <inheritdoc/>
    public Task<Answer> CheckAsync(TagKey key, Command.Check command, RequestContext request, CancellationToken cancellationToken) =>
        _claims.CheckAsync(key, command, request, cancellationToken);

    /// <inheritdoc/>
    public Task<Answer> UpdateClaimAsync(
        Guid claimId, ClaimChange change, RequestContext request, CancellationToken cancellationToken) =>
        _claims.AskOwnAsync(claimId, new Question.UpdateClaim(claimId, change), request, cancellationToken);

    /// <inheritdoc/>
    public Task<Answer> RenewClaimAsync(
        Guid claimId, TimeSpan? lifetime, RequestContext request, CancellationToken cancellationToken) =>
        _claims.AskOwnAsync(claimId, new Question.RenewClaim(claimId, lifetime), request, cancellationToken);

    /// <inheritdoc/>
    public Task<Answer> ReleaseClaimAsync(Guid claimId, RequestContext request, CancellationToken cancellationToken) =>
        _claims.AskOwnAsync(claimId, new Question.ReleaseClaim(claimId), request, cancellationToken);

    /// <inheritdoc/>
    public Task<int> ReleaseCaseAsync(string caseReference, RequestContext request, CancellationToken cancellationToken) =>
        _cases.ReleaseAsync(caseReference, request, cancellationToken);

    /// <inheritdoc/>
    public Task<OwnedClaim?> GetClaimAsync(Guid claimId, RequestContext request, CancellationToken cancellationToken) =>
        _claims.GetAsync(claimId, request, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(
        ClaimQuery query, RequestContext request, CancellationToken cancellationToken) =>
        _claims.ListAsync(query, request, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibleOverlap?> GetOverlapAsync(Guid overlapId, RequestContext request, CancellationToken cancellationToken) =>
        _overlaps.GetAsync(overlapId, request, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<VisibleOverlap>> ListOverlapsAsync(
        OverlapQuery query, RequestContext request, CancellationToken cancellationToken) =>
        _overlaps.ListAsync(query, request, cancellationToken);

    /// <inheritdoc/>
    public Task<Answer> ActOnOverlapAsync(
        Guid overlapId, OverlapAction action, Outcome outcome, RequestContext request, CancellationToken cancellationToken) =>
        _overlaps.ActAsync(new Question.ActOnOverlap(overlapId, action, outcome), request, cancellationToken);

    /// <inheritdoc/>
    public Task<Answer> RequestCrowdContactAsync(Guid claimId, RequestContext request, CancellationToken cancellationToken) =>
        _claims.AskOwnAsync(claimId, new Question.RequestCrowdContact(claimId), request, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<FeedItem> ReadFeedAsync(long? after, RequestContext request, CancellationToken cancellationToken) =>
        _feeds.ReadAsync(after, request, cancellationToken);

    /// <inheritdoc/>
    public Task<FeedBounds> AcknowledgeAlertsAsync(long upTo, RequestContext request, CancellationToken cancellationToken) =>
        _feeds.AcknowledgeAsync(upTo, request, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditEntry>> ListAuditAsync(
        AuditQuery query, RequestContext request, CancellationToken cancellationToken)
    {
        var page = await _ledger.ListAuditAsync(query, cancellationToken);
        await _recorder.ReadAsync(
            request, Operation.ReadAudit, [], RecordedResult.Of(page.Count), [], query.Case, cancellationToken);
        return page;
    }

    /// <inheritdoc/>
    public async Task<AuditVerification> VerifyAuditAsync(RequestContext request, CancellationToken cancellationToken)
    {
        var found = await _ledger.VerifyAuditAsync(cancellationToken);
        await _recorder.ReadAsync(
            request, Operation.VerifyAudit, [], found.FirstBad is null ? RecordedResult.Done : "BAD", [], caseReference: null,
            cancellationToken);
        return found;
    }

    /// <inheritdoc/>
    public Task SetHazardAsync(TagKey key, string? hazard, CancellationToken cancellationToken) =>
        _actors.AskAsync(key, new Turn(new Question.SetHazard(hazard), GridItself.Request), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(Tag? after, int limit, CancellationToken cancellationToken) =>
        _ledger.ListIdentifiersAsync(after, limit, cancellationToken);
}
