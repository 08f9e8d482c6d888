using Deconfliction.Ledger.Grouping;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Ledger.Tests.Grouping;

public sealed class PumpTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly List<int[]> _groups = [];
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _gate = new(0);

    [Fact]
    public async Task Submit_LoneCaller_DoesNotWaitForOthers()
    {
        await using var pump = Pump();
        _gate.Release();

        Assert.Equal(14, await pump.SubmitAsync(7, default).WaitAsync(Limit));
        Assert.Equal([7], Assert.Single(_groups));
    }

    [Fact]
    public async Task Submit_WhileAGroupRuns_WaitingItemsFormTheNextUpToTheMaximum()
    {
        await using var pump = Pump(maximumGroup: 4);
        var first = await TakenAsync(pump, 0);
        var rest = Enumerable.Range(1, 6).Select(i => pump.SubmitAsync(i, default)).ToList();
        _gate.Release(3);

        await Task.WhenAll([first, .. rest]).WaitAsync(Limit);

        Assert.Equal([[0], [1, 2, 3, 4], [5, 6]], _groups);
        var results = await Task.WhenAll(rest);
        Assert.Equal([2, 4, 6, 8, 10, 12], results);
    }

    [Fact]
    public async Task Submit_BesideAGroupUnderWay_StartsAnotherOnlyWhenEnoughWait()
    {
        await using var pump = new Pump<int, int>(Options(10, 10, workers: 2) with { WorthASecond = 3 }, RunAsync);
        var first = await TakenAsync(pump, 0);
        var two = new[] { pump.SubmitAsync(1, default), pump.SubmitAsync(2, default) };
        Assert.Equal(2, pump.Waiting);

        var third = await TakenAsync(pump, 3);

        Assert.Equal([[0], [1, 2, 3]], _groups);
        _gate.Release(2);
        await Task.WhenAll([first, third, .. two]).WaitAsync(Limit);
    }

    [Fact]
    public async Task Submit_QueueFull_IsShedAndOthersGoOn()
    {
        await using var pump = Pump(maximumQueue: 2);
        var taken = await TakenAsync(pump, 0);
        var waiting = new[] { pump.SubmitAsync(1, default), pump.SubmitAsync(2, default) };

        var shed = await Assert.ThrowsAsync<LedgerOverloadedException>(() => pump.SubmitAsync(3, default));

        Assert.True(shed.RetryAfter > TimeSpan.Zero);
        _gate.Release(2);
        await Task.WhenAll([taken, .. waiting]).WaitAsync(Limit);
        Assert.DoesNotContain(3, _groups.SelectMany(group => group));
    }

    [Fact]
    public async Task Cancel_Waiting_RemovesItAndFreesItsPlace()
    {
        await using var pump = Pump(maximumQueue: 1);
        var taken = await TakenAsync(pump, 0);
        using var cancelled = new CancellationTokenSource();
        var waiting = pump.SubmitAsync(1, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, pump.Waiting);
        var next = pump.SubmitAsync(2, default);
        _gate.Release(2);
        await Task.WhenAll(taken, next).WaitAsync(Limit);
        Assert.Equal([[0], [2]], _groups);
    }

    [Fact]
    public async Task Submit_CancelledAlready_TakesNoPlace()
    {
        await using var pump = Pump();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump.SubmitAsync(1, new CancellationToken(canceled: true)).WaitAsync(Limit));

        Assert.Equal(0, pump.Waiting);
        _gate.Release();
        Assert.Equal(4, await pump.SubmitAsync(2, default).WaitAsync(Limit));
        Assert.Equal([2], Assert.Single(_groups));
    }

    [Fact]
    public async Task Cancel_Taken_IsAnUnknownOutcome()
    {
        await using var pump = Pump();
        using var cancelled = new CancellationTokenSource();
        var taken = await TakenAsync(pump, 0, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => taken.WaitAsync(Limit));
        _gate.Release();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_Fails_EveryCallerOfTheGroupIsToldAndTheNextGroupRuns(bool isUnknown)
    {
        var problem = isUnknown ? new OutcomeUnknownException("x") : (Exception)new LedgerUnavailableException("x");
        var failing = true;
        await using var pump = new Pump<int, int>(Options(10, 10), async (group, token) =>
        {
            _entered.Release();
            await _gate.WaitAsync(token);
            return Volatile.Read(ref failing) ? throw problem : [.. group];
        });
        var first = await TakenAsync(pump, 0);
        var second = new[] { pump.SubmitAsync(1, default), pump.SubmitAsync(2, default) };
        _gate.Release(2);

        Assert.Same(problem, await Record.ExceptionAsync(() => first.WaitAsync(Limit)));
        Assert.Same(problem, await Record.ExceptionAsync(() => second[0].WaitAsync(Limit)));
        Assert.Same(problem, await Record.ExceptionAsync(() => second[1].WaitAsync(Limit)));
        Volatile.Write(ref failing, false);
        _gate.Release();
        Assert.Equal(3, await pump.SubmitAsync(3, default).WaitAsync(Limit));
    }

    [Fact]
    public async Task Run_ResultWithAProblem_IsThrownAtItsCallerAlone()
    {
        var problem = new FormatException("a defect");
        await using var pump = new Pump<int, int>(Options(10, 10), RunAsync, result => result == 2 ? problem : null);
        var first = await TakenAsync(pump, 0);
        var (broken, whole) = (pump.SubmitAsync(1, default), pump.SubmitAsync(2, default));
        _gate.Release(2);

        Assert.Same(problem, await Record.ExceptionAsync(() => broken.WaitAsync(Limit)));
        Assert.Equal(4, await whole.WaitAsync(Limit));
        await first.WaitAsync(Limit);
    }

    [Fact]
    public async Task Run_SeveralWorkers_HaveGroupsUnderWayAtOnce()
    {
        await using var pump = Pump(workers: 2);

        var first = await TakenAsync(pump, 0);
        var second = await TakenAsync(pump, 1);
        var third = pump.SubmitAsync(2, default);

        Assert.Equal(1, pump.Waiting);
        _gate.Release(3);
        await Task.WhenAll(first, second, third).WaitAsync(Limit);
    }

    [Fact]
    public async Task Dispose_LetsWhatWaitsRunAndTakesNoMore()
    {
        var pump = Pump();
        var taken = await TakenAsync(pump, 0);
        var waiting = pump.SubmitAsync(1, default);
        var closing = pump.DisposeAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => pump.SubmitAsync(2, default));
        _gate.Release(2);

        await closing.AsTask().WaitAsync(Limit);
        var results = await Task.WhenAll(taken, waiting);
        Assert.Equal([0, 2], results);
    }

    [Fact]
    public async Task Dispose_GraceOver_GivesUpWhatRunsAndWaits()
    {
        var pump = new Pump<int, int>(Options(1, 10) with { Grace = TimeSpan.FromMilliseconds(20) }, RunAsync);
        var taken = await TakenAsync(pump, 0);
        var waiting = pump.SubmitAsync(1, default);

        await pump.DisposeAsync().AsTask().WaitAsync(Limit);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiting.WaitAsync(Limit));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taken.WaitAsync(Limit));
    }

    [Fact]
    public async Task Submit_UnderAPace_TakesSmallGroupsAndTheLaterRestsFirst()
    {
        var time = new FakeTimeProvider();
        var pace = new BulkPace(time);
        pace.Asked();
        await using var pump = new Pump<int, int>(Options(512, 512) with { Pace = pace }, RunAsync);
        var first = await TakenAsync(pump, 0);
        var rest = Enumerable.Range(1, BulkPace.MostBeside + 1).Select(i => pump.SubmitAsync(i, default)).ToList();

        time.Advance(TimeSpan.FromMilliseconds(10));
        _gate.Release(3);
        await first.WaitAsync(Limit);
        Assert.All(rest, static waiting => Assert.False(waiting.IsCompleted));
        await Waiting.UntilAsync("every item is answered", Limit, () =>
        {
            pace.Asked();
            time.Advance(TimeSpan.FromMilliseconds(1));
            return rest.TrueForAll(static waiting => waiting.IsCompleted);
        });
        Assert.Equal([1, BulkPace.MostBeside, 1], _groups.Select(static group => group.Length));
    }

    private static PumpOptions Options(int maximumGroup, int maximumQueue, int workers = 1) => new()
    {
        Name = "test",
        MaximumGroup = maximumGroup,
        MaximumQueue = maximumQueue,
        Workers = workers,
        Abandoned = PumpOptions.OutcomeUnknown,
    };

    private Pump<int, int> Pump(int maximumGroup = 10, int maximumQueue = 10, int workers = 1) =>
        new(Options(maximumGroup, maximumQueue, workers), RunAsync);

    private async Task<Task<int>> TakenAsync(Pump<int, int> pump, int item, CancellationToken cancellationToken = default)
    {
        var submitted = pump.SubmitAsync(item, cancellationToken);
        Assert.True(await _entered.WaitAsync(Limit));
        return submitted;
    }

    private async Task<IReadOnlyList<int>> RunAsync(IReadOnlyList<int> group, CancellationToken cancellationToken)
    {
        lock (_groups)
        {
            _groups.Add([.. group]);
        }

        _entered.Release();
        await _gate.WaitAsync(cancellationToken);
        return [.. group.Select(item => item * 2)];
    }
}
