using Deconfliction.LoadTests.Measuring;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.LoadTests.Tests.Measuring;

/// <summary>On a clock that moves only where the loop lets time pass.</summary>
public sealed class OpenLoopTests
{
    private const double Millisecond = 1e6;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Run_ServerThatStandsStillForASecond_ShowsInThePercentiles()
    {
        // Four seconds of 1,000 a second; between the first and the second nobody is answered, and no more than ten may wait.
        var loop = Loop(1_000, 10, async (_, token) =>
        {
            var now = (_time.GetUtcNow() - Start).TotalSeconds;
            if (now is >= 1 and < 2)
            {
                await Task.Delay(Start + TimeSpan.FromSeconds(2) - _time.GetUtcNow(), _time, token);
            }
        });

        var result = await loop.RunAsync(TimeSpan.Zero, TimeSpan.FromSeconds(4), CancellationToken.None);

        // A quarter of the calls was due while it stood still, evenly spread over that second.
        Assert.Equal(4_000, result.Latencies.Count);
        Assert.InRange(result.Latencies.Percentile(0.70) / Millisecond, 0, 5);
        Assert.InRange(result.Latencies.Percentile(0.875) / Millisecond, 480, 530);
        Assert.InRange(result.Latencies.Percentile(0.99) / Millisecond, 940, 1_000);
        Assert.Equal(0, result.NeverStarted);
    }

    [Fact]
    public async Task Run_ServerThatTakesTwentyMilliseconds_IsCalledAtTheRateAllTheSame()
    {
        var open = 0;
        var mostOpen = 0;
        var loop = Loop(500, 1_000, async (_, token) =>
        {
            mostOpen = Math.Max(mostOpen, ++open);
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, token);
            open--;
        });

        var result = await loop.RunAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), CancellationToken.None);

        Assert.Equal(500, result.Offered);
        Assert.Equal(500, result.Goodput);
        Assert.Equal(1_000, result.Latencies.Count);
        Assert.InRange(mostOpen, 9, 12);
        Assert.InRange(result.Latencies.Percentile(0.5) / Millisecond, 19, 22);
        Assert.InRange(result.Latencies.Longest / Millisecond, 19, 23);
    }

    [Fact]
    public async Task Run_WarmUp_DoesNotCount()
    {
        var calls = 0;
        var loop = Loop(100, 10, async (_, token) =>
        {
            calls++;
            await Task.Delay((_time.GetUtcNow() - Start).TotalSeconds < 0.95 ? TimeSpan.FromMilliseconds(40) : TimeSpan.Zero, _time, token);
        });

        var result = await loop.RunAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.Equal(200, calls);
        Assert.Equal(100, result.Started);
        Assert.InRange(result.Latencies.Longest / Millisecond, 0, 5);
    }

    [Fact]
    public async Task Run_CallsThatNeverGotRoom_CountWithTheirWait()
    {
        var loop = Loop(100, 5, (_, token) => Task.Delay(TimeSpan.FromSeconds(3), _time, token));

        var result = await loop.RunAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.Equal(5, result.Started);
        Assert.Equal(0, result.Done);
        Assert.Equal(95, result.NeverStarted);
        Assert.Equal(100, result.Latencies.Count);
        Assert.Equal(5, result.Offered);
        Assert.InRange(result.Latencies.Percentile(0.5) / Millisecond, 450, 550);
        Assert.InRange(result.Latencies.Longest / Millisecond, 2_990, 3_010);
    }

    // The calls that are made after the warm-up were due in it; what the server does of them is its rate all the same.
    [Fact]
    public async Task Run_LoopThatLagsSinceItsWarmUp_CountsWhatIsDoneAfterIt()
    {
        var loop = Loop(1_000, 1, (_, token) => Task.Delay(TimeSpan.FromMilliseconds(10), _time, token));

        var result = await loop.RunAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.InRange(result.Offered, 85, 100); // The loop looks once a millisecond.
        Assert.InRange(result.Goodput, 85, 100);
        Assert.Equal(1_000, result.NeverStarted);
    }

    [Fact]
    public async Task Run_Refusals_AreNoGoodputAndHaveNoLatency()
    {
        var loop = new OpenLoop(
            100, 10, static (number, _) => Task.FromResult(number % 4 == 0 ? CallResult.Done : CallResult.Refused), _time, _time.Advance);

        var result = await loop.RunAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.Equal((100, 25, 75), (result.Started, result.Done, result.Refused));
        Assert.Equal(25, result.Latencies.Count);
        Assert.Equal(25, result.Goodput);
    }

    [Fact]
    public async Task Run_OneCallFails_EndsTheRunWithItsError()
    {
        var loop = Loop(100, 10, static (number, token) => number == 7 ? Task.FromException(new InvalidDataException("refused")) : Task.Delay(Timeout.Infinite, token));

        var run = loop.RunAsync(TimeSpan.Zero, TimeSpan.FromMinutes(10), CancellationToken.None);

        var told = await Assert.ThrowsAsync<InvalidOperationException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.IsType<InvalidDataException>(told.InnerException);
    }

    [Fact]
    public async Task Run_CallThatIsNeverAnswered_EndsWithATimeLimit()
    {
        var loop = Loop(100, 10, static (number, token) => number == 7 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask);

        var run = loop.RunAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1), CancellationToken.None);

        await Assert.ThrowsAsync<TimeoutException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private DateTimeOffset Start => _time.Start;

    private OpenLoop Loop(double rate, int mostOpen, Func<long, CancellationToken, Task> call) => new(
        rate, mostOpen,
        async (number, token) =>
        {
            await call(number, token);
            return CallResult.Done;
        },
        _time, _time.Advance);
}
