using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Tests.Measuring;

public sealed class ClosedLoopTests
{
    [Fact]
    public async Task Run_CallsEach_MakesEveryCallAndCountsEachOnce()
    {
        var calls = new int[8];
        var loop = new ClosedLoop(8, (caller, _) =>
        {
            calls[caller]++;
            return Task.CompletedTask;
        });

        var result = await loop.RunAsync(TimeSpan.Zero, callsEach: 250, CancellationToken.None);

        Assert.All(calls, count => Assert.Equal(250, count));
        Assert.Equal(2_000, result.Latencies.Count);
        Assert.Equal(2_000, loop.Done);
    }

    [Fact]
    public async Task Run_OneCallFails_EndsTheRunWithItsError()
    {
        var loop = new ClosedLoop(4, (caller, token) => caller == 2
            ? Task.FromException(new InvalidDataException("refused"))
            : Task.Delay(Timeout.Infinite, token));

        var run = loop.RunAsync(TimeSpan.FromMinutes(1), callsEach: 1, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidDataException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Spread_EvenNumberOfRounds_IsAMeasuredOne() => Assert.Equal(new Spread(2, 1, 9), Spread.Of([9, 1, 2, 3]));
}
