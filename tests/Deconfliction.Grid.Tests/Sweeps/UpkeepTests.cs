using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Tests.Setup;

namespace Deconfliction.Grid.Tests.Sweeps;

public sealed class UpkeepTests : IAsyncLifetime
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
    public async Task Sweep_GivesNoticeOnce_ThenEndsTheClaims()
    {
        var claims = new List<Claim>();
        for (var i = 0; i < 20; i++)
        {
            claims.Add((await _grid.ClaimAsync("alpha", $"x{i}", lifetime: TimeSpan.FromDays(30))).Claim!);
        }

        await _grid.Solo.Upkeep.SweepExpiredAsync(default);
        Assert.Equal(0, (await _store.Ledger.ReadStatisticsAsync(default)).Alerts);

        _grid.Ledger.Ahead = TimeSpan.FromDays(17);
        await _grid.Solo.Upkeep.SweepExpiredAsync(default);
        await _grid.Solo.Upkeep.SweepExpiredAsync(default);
        var notices = await _grid.FeedAsync("alpha", 0, 20);
        Assert.Equal(claims.Select(static one => one.Id).Order(), notices.Select(static one => one.Entry!.Alert.ClaimId!.Value).Order());
        Assert.All(notices, static one => Assert.Equal(AlertKind.ClaimExpiring, one.Entry!.Alert.Kind));

        var renewed = await _grid.Grid.RenewClaimAsync(claims[0].Id, TimeSpan.FromDays(60), TestGrid.Request("alpha"), default);
        Assert.Equal(AnswerStatus.Done, renewed.Status);
        _grid.Ledger.Ahead = TimeSpan.FromDays(31);
        await _grid.Solo.Upkeep.SweepExpiredAsync(default);

        var statistics = await _store.Ledger.ReadStatisticsAsync(default);
        Assert.Equal((1, 19, 20), (statistics.LiveClaims, statistics.EndedClaims, statistics.Alerts));
        var ended = await _grid.Grid.GetClaimAsync(claims[1].Id, TestGrid.Read("alpha"), default);
        Assert.Equal((EndReason.Expired, claims[1].ExpiresAt), (ended!.Claim.EndReason, ended.Claim.EndedAt));
    }

    [Fact]
    public async Task Purge_TakesWhatHasHadItsTime_AndVersionsAreNotUsedAgain()
    {
        var old = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        await _grid.ClaimAsync("bravo", "x");
        await _grid.ReleaseAsync("alpha", old.Id);
        var version = (await _store.Ledger.LoadAsync(TestGrid.Key("x").Tag, Deconfliction.Ledger.Lane.Interactive, default)).Version;
        await _grid.Solo.Upkeep.PurgeAsync(default);
        Assert.NotNull(await _grid.Grid.GetClaimAsync(old.Id, TestGrid.Read("alpha"), default));

        _grid.Ledger.Ahead = TimeSpan.FromDays(91);
        await _grid.Solo.Upkeep.PurgeAsync(default);

        Assert.Null(await _grid.Grid.GetClaimAsync(old.Id, TestGrid.Read("alpha"), default));
        Assert.Empty(await _grid.OverlapsAsync("bravo"));
        Assert.Equal(AnswerStatus.NotFound, (await _grid.ReleaseAsync("alpha", old.Id)).Status);
        await _grid.ClaimAsync("charlie", "x");
        var after = await _store.Ledger.LoadAsync(TestGrid.Key("x").Tag, Deconfliction.Ledger.Lane.Interactive, default);
        Assert.Equal(version + 1, after.Version);
        Assert.Null((await _store.Ledger.VerifyAuditAsync(default)).FirstBad);
    }

    [Fact]
    public async Task RunAsync_DoesItsStepsByItself_AndStopsWhenTold()
    {
        var grid = await _store.GridAsync(new GridOptions
        {
            AlertSweepInterval = TimeSpan.FromMilliseconds(20),
            ExpirySweepInterval = TimeSpan.FromMilliseconds(20),
        });
        using var stop = new CancellationTokenSource();
        grid.Ledger.NumberFault = static _ => Fault.Unavailable;
        await grid.ClaimAsync("alpha", "x", lifetime: TimeSpan.FromDays(20));
        await grid.ClaimAsync("bravo", "x", lifetime: TimeSpan.FromDays(20));
        var running = grid.Solo.Upkeep.RunAsync(stop.Token);
        grid.Ledger.NumberFault = static _ => Fault.None;

        await Until.TrueAsync(
            async () => (await _store.Ledger.ReadFeedBoundsAsync(TestGrid.Agency("bravo"), default)).Head == 1, "the lost alert is found");
        grid.Ledger.Ahead = TimeSpan.FromDays(21);
        await Until.TrueAsync(
            async () => (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims == 0, "the claims are ended");
        await stop.CancelAsync();

        await running.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
