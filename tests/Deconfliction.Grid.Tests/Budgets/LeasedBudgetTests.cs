using Deconfliction.Grid.Budgets;
using Deconfliction.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Grid.Tests.Budgets;

public sealed class LeasedBudgetTests
{
    private const int PerMinute = 600;
    private const int Portion = 10;
    private readonly FakeTimeProvider _time = new();
    private int _asked;

    [Fact]
    public async Task Take_OfOnePortion_AsksOnce()
    {
        var kept = new KeptBudget(PerMinute, PerMinute, _time);
        var node = Node(kept);
        for (var taken = 0; taken < Portion; taken++)
        {
            Assert.Equal(TimeSpan.Zero, await node.TakeAsync(default));
        }

        Assert.Equal(1, _asked);
        Assert.Equal(TimeSpan.Zero, await node.TakeAsync(default));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Take_ByManyAtOnce_AsksOnceAPortion()
    {
        var kept = new KeptBudget(PerMinute, PerMinute, _time);
        var node = Node(kept);
        var waits = await Task.WhenAll(Enumerable.Range(0, PerMinute).Select(_ => Task.Run(() => node.TakeAsync(default).AsTask())));
        Assert.All(waits, static wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.Equal(PerMinute / Portion, _asked);
    }

    [Fact]
    public async Task Take_OfAnExhaustedBudget_SaysWhen_AndDoesNotAskForEach()
    {
        var node = Node(new KeptBudget(PerMinute, 0, _time));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(TimeSpan.FromMilliseconds(100), await node.TakeAsync(default));
        }

        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.Zero, await node.TakeAsync(default));
    }

    [Fact]
    public async Task Take_OfAPortionThatLayForAMinute_AsksAnew()
    {
        var node = Node(new KeptBudget(PerMinute, PerMinute, _time));
        await node.TakeAsync(default);
        _time.Advance(TimeSpan.FromMinutes(1));
        await node.TakeAsync(default);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Take_WhileThePlaceIsLost_SpendsOnePortionAndOwesIt()
    {
        var kept = new KeptBudget(PerMinute, Portion + 1, _time);
        var isLost = true;
        var node = new LeasedBudget(
            PerMinute, (wanted, spent, _) => isLost ? throw new PlaceLostException(new TimeoutException()) : Task.FromResult(kept.Lease(wanted, spent)), _time);
        for (var taken = 0; taken < Portion; taken++)
        {
            Assert.Equal(TimeSpan.Zero, await node.TakeAsync(default));
        }

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => node.TakeAsync(default).AsTask());
        isLost = false;
        Assert.Equal(TimeSpan.Zero, await node.TakeAsync(default));
        Assert.NotEqual(TimeSpan.Zero, await node.TakeAsync(default));
    }

    [Theory]
    [InlineData(true, PerMinute)]
    [InlineData(false, 3 * Portion)]
    public void Beginning_WhereNobodyWasTold_IsFull_UnlessSomebodyWhoMayKnowIsGone(bool isComplete, double left) =>
        Assert.Equal(left, KeptBudget.Beginning(PerMinute, [], isComplete, nodes: 3));

    [Fact]
    public void Beginning_TakesTheLeastThatNodesKnow_FilledSince()
    {
        KnownBudget[] known = [new(500, TimeSpan.FromSeconds(10)), new(30, TimeSpan.FromSeconds(2)), new(300, TimeSpan.Zero)];
        Assert.Equal(50, KeptBudget.Beginning(PerMinute, known, isComplete: true, nodes: 3));
        Assert.Equal(30, KeptBudget.Beginning(PerMinute, known, isComplete: false, nodes: 3));
    }

    private LeasedBudget Node(KeptBudget kept) => new(
        PerMinute,
        (wanted, spent, _) =>
        {
            Interlocked.Increment(ref _asked);
            lock (kept)
            {
                return Task.FromResult(kept.Lease(wanted, spent));
            }
        },
        _time);
}
