using System.Text;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Tests.Overlaps;

/// <summary>One claim that meets more silent ones than one change may tell of.</summary>
public sealed class TooManyOverlapsTests : IAsyncLifetime
{
    private Store _store = null!;
    private TestGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync();
        _grid = await _store.GridAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Update_ThatConcernsMoreThanOneChangeMay_IsRefusedForGoodAndChangesNothing()
    {
        await SilentClaimsAsync(TooManyOverlapsException.Most + 1);
        var own = (await _grid.ClaimAsync("bravo", "x", disclosure: Disclosure.Silent)).Claim!;

        await Assert.ThrowsAsync<TooManyOverlapsException>(() => ShowAsync(own));

        var kept = (await _store.Ledger.FindClaimAsync(own.Agency, own.Id, default))!.Claim;
        Assert.Equal((Disclosure.Silent, own.Revision), (kept.Disclosure, kept.Revision));
    }

    [Fact]
    public async Task Update_ThatConcernsAsManyAsOneChangeMay_IsDone()
    {
        await SilentClaimsAsync(TooManyOverlapsException.Most);
        var own = (await _grid.ClaimAsync("bravo", "x", disclosure: Disclosure.Silent)).Claim!;

        Assert.Equal(AnswerStatus.Done, (await ShowAsync(own)).Status);

        Assert.Equal(3 * TooManyOverlapsException.Most, (await _store.Ledger.ReadStatisticsAsync(default)).Alerts);
    }

    [Fact]
    public async Task ClaimedAgain_WithMoreOverlapsThanAreRead_IsAnswered()
    {
        await SilentClaimsAsync(TooManyOverlapsException.Most + 1);
        var request = TestGrid.Request("bravo");
        var own = (await _grid.ClaimAsync("bravo", "x", disclosure: Disclosure.Silent, request: request)).Claim!;

        var duplicate = await _grid.ClaimAsync("bravo", "x", disclosure: Disclosure.Silent);
        var replayed = await _grid.ClaimAsync("bravo", "x", disclosure: Disclosure.Silent, request: request);

        Assert.Equal((AnswerStatus.Duplicate, AnswerStatus.Done), (duplicate.Status, replayed.Status));
        Assert.All([duplicate, replayed], answer =>
        {
            Assert.Equal(own.Id, answer.Claim!.Id);
            Assert.Equal(new Policy().PointersPerAnswer, answer.Pointers.Count);
            Assert.True(answer.PointerCount > TooManyOverlapsException.Most);
        });
    }

    private Task<Answer> ShowAsync(Claim own) => _grid.Grid.UpdateClaimAsync(
        own.Id, new ClaimChange(null, null, null, Disclosure.Open, null), TestGrid.Request("bravo"), default);

    // Of one agency, each of a case of its own, in one append: they make no overlaps among themselves.
    private async Task SilentClaimsAsync(int count)
    {
        var now = _store.Ledger.Now;
        var claims = Enumerable.Range(0, count).Select(i => new Claim
        {
            Id = _grid.Solo.Ids.Next(now),
            Agency = TestGrid.Agency("alpha"),
            Role = Domain.Agencies.AgencyRole.LawEnforcement,
            Case = $"case-{i}",
            RequestedBy = "officer-1",
            Disclosure = Disclosure.Silent,
            Sealed = Encoding.UTF8.GetBytes("sealed x"),
            CreatedAt = now,
            ExpiresAt = now.AddDays(180),
        });
        var key = TestGrid.Key("x");
        var outcome = await _store.Ledger.AppendAsync(
            new Append
            {
                Tag = key.Tag,
                KeyId = key.KeyId,
                ExpectedVersion = 0,
                IdentifierId = _grid.Solo.Ids.Next(now),
                Events = [.. claims.Select(static claim => new IdentifierEvent.ClaimMade(claim))],
                Audit = new AuditDraft { Agency = TestGrid.Agency("alpha"), Certificate = "01ab", RequestedBy = "officer-1", Operation = Operation.Claim },
                ChangesState = true,
            },
            Lane.Bulk,
            default);
        Assert.Equal(new AppendOutcome.Committed(1), outcome);
    }
}
