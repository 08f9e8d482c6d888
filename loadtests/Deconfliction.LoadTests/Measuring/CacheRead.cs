using System.Diagnostics;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>
/// How long a read takes that depends on the one before it, among 8 MB: they lie in the processor's last cache where that is this machine's own
/// (10 to 20 ns), and in memory where its neighbours fill it (200 ns). A program with much code and many small objects then takes up to twice the
/// processor time for the same work, one with little of both hardly more, so that a ratio between them is another in another hour.
/// </summary>
internal static class CacheRead
{
    private const int Bytes = 8 * 1024 * 1024;
    private const int IntsALine = 64 / sizeof(int);
    private const int Lines = Bytes / 64;
    private const int Reads = 1_000_000;
    private const int Seed = 1;

    /// <summary>The mean, in nanoseconds; takes up to half a second.</summary>
    public static double Measure()
    {
        var next = NewRing();
        var line = Follow(next, 0, Lines);
        var started = Stopwatch.GetTimestamp();
        line = Follow(next, line, Reads);
        var elapsed = Stopwatch.GetElapsedTime(started);
        GC.KeepAlive(line);
        return elapsed.TotalNanoseconds / Reads;
    }

    /// <summary>For each line of 64 bytes, in its first number, where the next one begins: one ring through all, in no order that could be foreseen (Sattolo, 1986).</summary>
    internal static int[] NewRing()
    {
        var order = Enumerable.Range(0, Lines).ToArray();
        var random = new Random(Seed);
        for (var last = Lines - 1; last > 0; last--)
        {
            var other = random.Next(last);
            (order[last], order[other]) = (order[other], order[last]);
        }

        var next = new int[Lines * IntsALine];
        for (var line = 0; line < Lines; line++)
        {
            next[line * IntsALine] = order[line] * IntsALine;
        }

        return next;
    }

    private static int Follow(int[] next, int from, int reads)
    {
        var at = from;
        for (var read = 0; read < reads; read++)
        {
            at = next[at];
        }

        return at;
    }
}
