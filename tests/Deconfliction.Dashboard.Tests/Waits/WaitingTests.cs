using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Waits;

/// <summary>The tests' own waits end, say what never came, and leave nothing behind.</summary>
public sealed class WaitingTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Within_WhatNeverComes_EndsAndNamesIt()
    {
        var problem = await Assert.ThrowsAsync<TimeoutException>(() => Waiting.WithinAsync("the moon is blue", TimeSpan.FromMilliseconds(20), new TaskCompletionSource().Task));
        Assert.Contains("the moon is blue", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Within_WhatFailsByATimeOutOfItsOwn_FailsByThat()
    {
        var own = new TimeoutException("its own");
        Assert.Same(own, await Assert.ThrowsAsync<TimeoutException>(() => Waiting.WithinAsync("it", s_long, Task.FromException(own))));
    }

    [Fact]
    public async Task Within_WhatComesLater_LeavesNoTimerBehind()
    {
        var before = Timer.ActiveCount;
        for (var time = 0; time < 2_000; time++)
        {
            var later = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            var waiting = Waiting.WithinAsync("it comes", s_long, later.Task);
            later.SetResult(time);
            Assert.Equal(time, await waiting);
        }

        // Other tests run beside this one and have a few.
        Assert.InRange(Timer.ActiveCount - before, -1_000, 1_000);
    }
}
