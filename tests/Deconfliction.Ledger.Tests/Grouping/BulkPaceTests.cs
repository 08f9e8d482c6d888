using Deconfliction.Ledger.Grouping;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Ledger.Tests.Grouping;

public sealed class BulkPaceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly BulkPace _pace;

    public BulkPaceTests() => _pace = new BulkPace(_time);

    [Fact]
    public async Task Alone_BulkTakesAllThereIs()
    {
        using var first = await _pace.EnterAsync(default);
        using var second = await _pace.EnterAsync(default).AsTask().WaitAsync(Limit);

        Assert.Equal(512, _pace.Most(512));
    }

    [Fact]
    public async Task Beside_GroupsAreSmallAndOneAtATime()
    {
        _pace.Asked();
        var first = await _pace.EnterAsync(default);
        var second = _pace.EnterAsync(default).AsTask();

        Assert.Equal(BulkPace.MostBeside, _pace.Most(512));
        Assert.Equal(10, _pace.Most(10));
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second.WaitAsync(Limit)).Dispose();
    }

    [Fact]
    public async Task Beside_BulkRestsAsLongAsItsGroupTook()
    {
        _pace.Asked();
        var first = await _pace.EnterAsync(default);
        _time.Advance(10 * Moment);
        first.Dispose();
        var second = _pace.EnterAsync(default).AsTask();

        _time.Advance(9 * Moment);
        Assert.False(second.IsCompleted);
        _time.Advance(Moment);

        (await second.WaitAsync(Limit)).Dispose();
    }

    [Fact]
    public async Task Beside_AGroupThatWaitedLong_IsNotFollowedByALongRest()
    {
        _pace.Asked();
        var first = await _pace.EnterAsync(default);
        _time.Advance(TimeSpan.FromSeconds(15));
        first.Dispose();
        _pace.Asked();
        var second = _pace.EnterAsync(default).AsTask();

        Assert.False(second.IsCompleted);
        _time.Advance(BulkPace.MostRest);

        (await second.WaitAsync(Limit)).Dispose();
    }

    [Fact]
    public async Task NobodyAskedForAWhile_BulkTakesAllAgain()
    {
        _pace.Asked();
        var first = await _pace.EnterAsync(default);
        _time.Advance(BulkPace.About);
        first.Dispose();

        Assert.True(_pace.EnterAsync(default).IsCompletedSuccessfully);
        Assert.Equal(512, _pace.Most(512));
    }

    [Fact]
    public async Task Cancelled_ARestIsOverAndTheTurnIsGivenBack()
    {
        using var stopping = new CancellationTokenSource();
        _pace.Asked();
        var first = await _pace.EnterAsync(default);
        var waiting = _pace.EnterAsync(stopping.Token).AsTask();
        _time.Advance(10 * Moment);
        first.Dispose();

        await stopping.CancelAsync();
        (await waiting.WaitAsync(Limit)).Dispose();

        // Its own took no time, so no rest is left behind it.
        (await _pace.EnterAsync(default).AsTask().WaitAsync(Limit)).Dispose();
    }

    [Fact]
    public async Task Cancelled_WhileAnotherHasTheTurn_GoesOnWithout()
    {
        using var stopping = new CancellationTokenSource();
        _pace.Asked();
        using var first = await _pace.EnterAsync(default);
        var waiting = _pace.EnterAsync(stopping.Token).AsTask();

        await stopping.CancelAsync();

        (await waiting.WaitAsync(Limit)).Dispose();
        Assert.False(_pace.EnterAsync(default).AsTask().IsCompleted);
    }
}
