using System.Diagnostics;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>The grid's import streams, each on a connection of its own.</summary>
internal sealed class ImportSide(GridOnTrial grid, IReadOnlyList<AgencyUnderLoad> streams) : ISide
{
    public string Name => "the grid: import of claims on fresh identifiers";

    public string Unit => "claims/s";

    public string Tuning => "the grid's import: the client library's own settings (200 claims a message, 4,000 on their way); callers are streams";

    public IReadOnlyList<int> Callers => [.. ((int[])[1, 2, 4]).Where(number => number <= streams.Count)];

    public CpuSubjects Subjects => grid.Subjects;

    public async Task<SideRound> RunAsync(int number, TimeSpan length, CancellationToken cancellationToken)
    {
        var answered = 0L;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(streams.Take(number).Select(stream => Task.Run(
            () => stream.ImportAsync(Values(started, length), () => Interlocked.Increment(ref answered), cancellationToken), cancellationToken)));
        return new SideRound(answered / Stopwatch.GetElapsedTime(started).TotalSeconds, answered);
    }

    private static IEnumerable<string> Values(long started, TimeSpan length)
    {
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            yield return GeneratedValues.Sha256(FreshNumbers.Next());
        }
    }
}
