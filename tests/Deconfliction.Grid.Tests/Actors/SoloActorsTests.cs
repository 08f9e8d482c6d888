using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger;

namespace Deconfliction.Grid.Tests.Actors;

public sealed class SoloActorsTests : IAsyncLifetime
{
    private Store _store = null!;

    public async Task InitializeAsync() => _store = await Store.OpenAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Eviction_KeepsAnswersRightAndMemoryBounded()
    {
        var grid = await _store.GridAsync(new GridOptions { MaximumActors = 4, LetGoBytes = 0 });
        const int values = 40;
        var pointers = 0;
        for (var agency = 0; agency < 5; agency++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, values).Select(value => grid.ClaimAsync($"agency-{agency}", $"x{value}")));
            Assert.All(answers, one => Assert.Equal(agency, one.PointerCount));
            pointers += answers.Sum(static one => one.PointerCount);
        }

        Assert.Equal(values * 10, pointers);
        Assert.Equal(values * 10, (await _store.Ledger.ReadStatisticsAsync(default)).Overlaps);
        await grid.CheckAsync("agency-0", "y");
        Assert.InRange(grid.Solo.ActiveActors, 1, 5);
        Assert.True(grid.Ledger.Loads > values * 4, $"{grid.Ledger.Loads} loads: nothing was evicted.");
    }

    [Fact]
    public async Task Eviction_ByWeight_LetsTheActorsFitTheBudget()
    {
        var grid = await _store.GridAsync(new GridOptions { MaximumActorBytes = 20_000, LetGoBytes = 0 });
        for (var value = 0; value < 100; value++)
        {
            await grid.ClaimAsync("alpha", $"x{value}");
        }

        Assert.InRange(grid.Solo.ActiveActors, 5, 30);
    }

    [Fact]
    public async Task IdleActors_OfNothingOrLittle_AreLetGo_AndAnswersStayRight()
    {
        var grid = await _store.GridAsync();
        await grid.CheckAsync("alpha", "never seen");
        var imported = (await grid.ClaimAsync("alpha", "x", request: Bulk("alpha"))).Claim!;
        await Until.TrueAsync(() => grid.Solo.ActiveActors == 0, "no actor left");

        var answer = await grid.ClaimAsync("bravo", "x");

        Assert.Equal(imported.Id, Assert.Single(answer.Pointers).Other.Id);
        await Until.TrueAsync(() => grid.Solo.ActiveActors == 0, "no actor left");
        Assert.Equal(AnswerStatus.Duplicate, (await grid.ClaimAsync("alpha", "x", request: Bulk("alpha"))).Status);
        Assert.Equal(2, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
    }

    [Fact]
    public async Task IdleActors_OfMuch_AreKept()
    {
        var grid = await _store.GridAsync();
        for (var agency = 0; agency < 40; agency++)
        {
            await grid.ClaimAsync($"agency-{agency}", "x");
        }

        Assert.Equal(1, grid.Solo.ActiveActors);
    }

    [Fact]
    public async Task FullQueueOfOneIdentifier_Sheds_AndHarmsNoOther()
    {
        var grid = await _store.GridAsync(new GridOptions { MaximumQueuePerActor = 3 });
        using var gate = new SemaphoreSlim(0);
        grid.Ledger.BeforeAppend = (append, _, token) => append.Tag == TestGrid.Key("x").Tag ? gate.WaitAsync(token) : Task.CompletedTask;
        var running = grid.ClaimAsync("agency-0", "x");
        var waiting = Enumerable.Range(1, 3).Select(i => grid.ClaimAsync($"agency-{i}", "x")).ToList();

        var shed = await Assert.ThrowsAsync<GridOverloadedException>(
            () => grid.ClaimAsync("agency-4", "x").WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(shed.RetryAfter > TimeSpan.Zero);
        Assert.Equal(AnswerStatus.Done, (await grid.ClaimAsync("agency-4", "y")).Status);
        gate.Release(4);

        Assert.Equal(6, (await Task.WhenAll([running, .. waiting])).Sum(static one => one.PointerCount));
        Assert.Equal(5, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
    }

    [Fact]
    public async Task FullLane_ShedsBulk_AndTakesInteractive()
    {
        var grid = await _store.GridAsync(new GridOptions { MaximumQueue = 2 });
        using var gate = new SemaphoreSlim(0);
        grid.Ledger.BeforeAppend = (_, lane, token) => lane == Lane.Bulk ? gate.WaitAsync(token) : Task.CompletedTask;
        var bulk = Enumerable.Range(0, 2).Select(i => grid.ClaimAsync("alpha", $"x{i}", request: Bulk("alpha"))).ToList();

        await Assert.ThrowsAsync<GridOverloadedException>(
            () => grid.ClaimAsync("alpha", "x9", request: Bulk("alpha")).WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(AnswerStatus.Done, (await grid.ClaimAsync("alpha", "x9")).Status);
        gate.Release(2);

        await Task.WhenAll(bulk);
    }

    [Fact]
    public async Task InteractiveTurn_BehindABulkTurnThatWaitsInItsLane_HurriesIt()
    {
        var grid = await _store.GridAsync();
        var bulkLaneIsStuck = new TaskCompletionSource();
        grid.Ledger.BeforeAppend = (_, lane, token) => lane == Lane.Bulk ? bulkLaneIsStuck.Task.WaitAsync(token) : Task.CompletedTask;
        var bulk = grid.ClaimAsync("alpha", "x", request: Bulk("alpha"));
        Assert.False(bulk.IsCompleted);

        var interactive = await grid.ClaimAsync("bravo", "x").WaitAsync(TimeSpan.FromSeconds(10));
        var hurried = await bulk.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(AnswerStatus.Done, hurried.Status);
        Assert.Equal(hurried.Claim!.Id, Assert.Single(interactive.Pointers).Other.Id);
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).Overlaps);
    }

    [Fact]
    public async Task CancelledCaller_LeavesATurnThatHasBegunToCommit_AndDropsOneThatHasNot()
    {
        var grid = await _store.GridAsync();
        using var gate = new SemaphoreSlim(0);
        using var caller = new CancellationTokenSource();
        grid.Ledger.BeforeAppend = (_, _, token) => gate.WaitAsync(token);
        var begun = grid.ClaimAsync("alpha", "x", cancellationToken: caller.Token);
        var queued = grid.ClaimAsync("bravo", "x", cancellationToken: caller.Token);
        var patient = grid.ClaimAsync("charlie", "x");

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begun);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        gate.Release(3);

        Assert.Equal("alpha", Assert.Single((await patient).Pointers).Other.Agency.Value);
        Assert.Equal(2, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
    }

    [Fact]
    public async Task Stop_WaitsForTurnsUnderWay_AndTakesNoMore()
    {
        var grid = await _store.GridAsync();
        using var gate = new SemaphoreSlim(0);
        grid.Ledger.BeforeAppend = (_, _, token) => gate.WaitAsync(token);
        var underWay = grid.ClaimAsync("alpha", "x");
        var stop = grid.Solo.DisposeAsync().AsTask();
        Assert.False(stop.IsCompleted);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => grid.ClaimAsync("bravo", "x"));
        gate.Release(1);

        Assert.Equal(AnswerStatus.Done, (await underWay).Status);
        await stop.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static RequestContext Bulk(string agency) => TestGrid.Request(agency, lane: Lane.Bulk);
}
