using System.Diagnostics;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>What a run of callers gave.</summary>
internal sealed record LoopResult(LatencyHistogram Latencies, TimeSpan Elapsed)
{
    /// <summary>Calls a second.</summary>
    public double Rate => Latencies.Count / Elapsed.TotalSeconds;
}

/// <summary>
/// So many callers, each of which calls again as soon as it is answered. A call that fails ends the run: a figure that leaves out
/// failures would flatter.
/// </summary>
/// <param name="callers">How many.</param>
/// <param name="call">One call; told which caller it is.</param>
internal sealed class ClosedLoop(int callers, Func<int, CancellationToken, Task> call)
{
    private LatencyHistogram[] _histograms = [];

    /// <summary>How many calls were answered so far, roughly.</summary>
    public long Done => _histograms.Sum(histogram => histogram.Count);

    /// <summary>Runs for a time, and until each caller has been answered so often.</summary>
    public async Task<LoopResult> RunAsync(TimeSpan length, long callsEach, CancellationToken cancellationToken)
    {
        _histograms = [.. Enumerable.Range(0, callers).Select(_ => new LatencyHistogram())];
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var until = started + (long)(length.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            () => CallAsync(caller, until, callsEach, failure), cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var all = new LatencyHistogram();
        foreach (var histogram in _histograms)
        {
            all.Add(histogram);
        }

        return new LoopResult(all, elapsed);
    }

    private async Task CallAsync(int caller, long until, long callsEach, CancellationTokenSource failure)
    {
        var histogram = _histograms[caller];
        var before = Stopwatch.GetTimestamp();
        try
        {
            while ((before < until || histogram.Count < callsEach) && !failure.IsCancellationRequested)
            {
                await call(caller, failure.Token);
                var after = Stopwatch.GetTimestamp();
                histogram.Record((long)Stopwatch.GetElapsedTime(before, after).TotalNanoseconds);
                before = after;
            }
        }
        catch
        {
            await failure.CancelAsync();
            throw;
        }
    }
}
