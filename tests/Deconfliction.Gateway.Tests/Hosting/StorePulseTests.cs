using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Server.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Gateway.Tests.Hosting;

/// <summary>Asking a store whether it answers: never longer than told, and never twice at once.</summary>
public sealed class StorePulseTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly HandStore _store = new();
    private readonly StorePulse _pulse;

    public StorePulseTests() => _pulse = new StorePulse(_store, _time);

    [Fact]
    public async Task Ask_TheStoreAnswers_EndsAndAsksAnewEachTime()
    {
        await AskAsync();
        await AskAsync();
        Assert.Equal(2, _store.Asked);
    }

    [Fact]
    public async Task Ask_TheStoreFails_SaysSoAndAsksAnew()
    {
        _store.Answer = static _ => Task.FromException<string?>(new IOException("No database."));
        await Assert.ThrowsAsync<IOException>(AskAsync);
        _store.Answer = static _ => Task.FromResult<string?>("");
        await AskAsync();
        Assert.Equal(2, _store.Asked);
    }

    [Fact]
    public async Task Ask_TheStoreIsSilentAndCannotBeBrokenOff_EndsInTimeAndLeavesOneQuestionUnderWay()
    {
        var never = new TaskCompletionSource<string?>();
        _store.Answer = _ => never.Task;
        for (var time = 0; time < 3; time++)
        {
            var asking = AskAsync();
            Assert.False(asking.IsCompleted);
            _time.Advance(s_patience);
            await Assert.ThrowsAsync<TimeoutException>(() => asking);
        }

        Assert.Equal(1, _store.Asked);

        // The answer that came at last is that of the question under way; the next is a new one.
        never.SetResult("");
        await AskAsync();
        await AskAsync();
        Assert.Equal(2, _store.Asked);
    }

    [Fact]
    public async Task Ask_TheStoreHeedsTheLimit_IsToldToGiveUp()
    {
        var broken = new TaskCompletionSource();
        _store.Answer = async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith(_ => broken.SetResult(), TaskScheduler.Default);
            throw new OperationCanceledException(token);
        };
        var asking = AskAsync();
        _time.Advance(s_patience);
        await Assert.ThrowsAnyAsync<Exception>(() => asking);
        await broken.Task.WaitAsync(s_limit);
    }

    private Task AskAsync() => _pulse.AskAsync(s_patience, CancellationToken.None).WaitAsync(s_limit);
}
