using Deconfliction.Grid.Agencies;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Grid.Tests.Agencies;

public sealed class SharedReadTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(250);
    private readonly FakeTimeProvider _time = new();
    private int _reads;

    [Fact]
    public async Task Join_ByManyWithinAPeriod_ReadsOnceMore()
    {
        var read = new SharedRead(ReadAsync, s_apart, _time);
        await read.JoinAsync(default).WaitAsync(s_limit);
        var many = Enumerable.Range(0, 1_000).Select(_ => read.JoinAsync(default)).ToList();
        Assert.Equal(1, Volatile.Read(ref _reads));

        await AdvanceUntilAsync(Task.WhenAll(many));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Join_DuringARead_GetsTheNextOne()
    {
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var read = new SharedRead(
            async _ =>
            {
                Interlocked.Increment(ref _reads);
                begun.TrySetResult();
                await end.Task;
            },
            s_apart,
            _time);
        var first = read.JoinAsync(default);
        await begun.Task.WaitAsync(s_limit);
        var second = read.JoinAsync(default);
        end.SetResult();
        await first.WaitAsync(s_limit);
        await AdvanceUntilAsync(second);
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Join_ReadFails_SaysSo_AndTheNextReadsAgain()
    {
        var read = new SharedRead(
            _ => Interlocked.Increment(ref _reads) == 1 ? Task.FromException(new TimeoutException()) : Task.CompletedTask, s_apart, _time);
        await Assert.ThrowsAsync<TimeoutException>(() => read.JoinAsync(default).WaitAsync(s_limit));
        await AdvanceUntilAsync(read.JoinAsync(default));
        Assert.Equal(2, _reads);
    }

    private Task ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return Task.CompletedTask;
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!task.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(s_apart);
            await Task.Yield();
        }

        await task;
    }
}
