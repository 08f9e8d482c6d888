using Deconfliction.Domain.Claims;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Tests.Claims;

public sealed class CaseReleaseTests : IAsyncLifetime
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
    public async Task ReleaseCase_ReleasesItsLiveClaimsAndNoOthers()
    {
        for (var i = 0; i < 7; i++)
        {
            await _grid.ClaimAsync("alpha", $"x{i}", "case-1");
            await _grid.ClaimAsync("alpha", $"x{i}", "case-2");
            await _grid.ClaimAsync("bravo", $"x{i}", "case-1");
        }

        var before = (await _grid.ClaimAsync("alpha", "x0", "case-1")).Claim!;
        await _grid.ReleaseAsync("alpha", before.Id);
        var request = TestGrid.Request("alpha");

        Assert.Equal(6, await _grid.Grid.ReleaseCaseAsync("case-1", request, default));
        Assert.Equal(6, await _grid.Grid.ReleaseCaseAsync("case-1", request, default));
        Assert.Equal(0, await _grid.Grid.ReleaseCaseAsync("case-1", TestGrid.Request("alpha"), default));
        Assert.Equal(7, (await LiveAsync("alpha")).Count);
        Assert.Equal(7, (await LiveAsync("bravo")).Count);
        var entry = Assert.Single(
            await _store.Ledger.ListAuditAsync(new AuditQuery(null, 1_000, TestGrid.Agency("alpha")), default),
            one => one.Draft.RequestId == request.RequestId);
        Assert.Equal((Operation.ReleaseCase, "6"), (entry.Draft.Operation, entry.Draft.Result));
    }

    [Fact]
    public async Task ReleaseCase_CutOffInTheMiddle_GoesOnAndCountsAll()
    {
        for (var i = 0; i < 9; i++)
        {
            await _grid.ClaimAsync("alpha", $"x{i}");
        }

        var earlier = (await _grid.ClaimAsync("alpha", "y")).Claim!;
        await _grid.ReleaseAsync("alpha", earlier.Id);
        var request = TestGrid.Request("alpha");
        var releases = 0;
        _grid.Ledger.AppendFault = append => append.Operation == Operation.ReleaseClaim
            ? Interlocked.Increment(ref releases) switch
            {
                3 => Fault.CommittedUnknown,
                >= 4 => Fault.Unavailable,
                _ => Fault.None,
            }
            : Fault.None;
        var cut = await Assert.ThrowsAnyAsync<Exception>(() => _grid.Grid.ReleaseCaseAsync("case-1", request, default));
        Assert.True(cut is LedgerUnavailableException or OutcomeUnknownException, cut.ToString());

        // A release that was under way when the request broke off goes on.
        await Until.TrueAsync(async () => (await LiveAsync("alpha")).Count == 6, "three releases commit");
        _grid.Ledger.AppendFault = static _ => Fault.None;

        Assert.Equal(9, await _grid.Grid.ReleaseCaseAsync("case-1", request, default));
        Assert.Equal(9, await _grid.Grid.ReleaseCaseAsync("case-1", request, default));
        Assert.Empty(await LiveAsync("alpha"));
    }

    [Fact]
    public async Task ReleaseCase_WithTheIdOfAnotherRequest_IsRefused()
    {
        var request = TestGrid.Request("alpha");
        await _grid.ClaimAsync("alpha", "x", request: request);

        await Assert.ThrowsAsync<RequestIdReusedException>(() => _grid.Grid.ReleaseCaseAsync("case-1", request, default));
        Assert.Single(await LiveAsync("alpha"));
    }

    private Task<IReadOnlyList<OwnedClaim>> LiveAsync(string agency) =>
        _store.Ledger.ListClaimsAsync(new ClaimQuery(TestGrid.Agency(agency), null, 1_000, State: EndReason.None), default);
}
