using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Contract.Setup;

namespace Deconfliction.Cluster.Tests.Setup;

/// <summary>Asks until there is an answer, as agencies do.</summary>
public static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The answer, from whichever running silo gives one first. The request must carry its id, or leave a repetition without harm.</summary>
    public static async Task<T> AnsweredAsync<T>(GridUnderTest grid, Member member, Func<GridClient, Task<T>> ask)
    {
        var since = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var url = member.Url;
        while (true)
        {
            try
            {
                return await ask(member.At(url));
            }
            catch (GridException problem) when (problem.MayPassElsewhere() && Stopwatch.GetElapsedTime(since) < Limit)
            {
                await pause.WaitForNextTickAsync();
                url = grid.NextRunning(url);
            }
        }
    }
}
