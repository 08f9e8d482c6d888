using System.Diagnostics;
using System.Globalization;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>Whose processor time to read: the process ids of the servers and of PostgreSQL's postmaster, where there is one.</summary>
internal sealed record CpuSubjects(IReadOnlyList<int> Servers, int? Postmaster);

/// <summary>Processor time of a stretch of work, in seconds. "Others" is what the machine spent on anything else: a figure with much of it was disturbed.</summary>
/// <param name="Server">The server, or all servers together.</param>
/// <param name="Client">This process, and the command lines that it ran.</param>
/// <param name="Database">PostgreSQL.</param>
/// <param name="Others">Everything else on the machine.</param>
/// <param name="Elapsed">By the wall clock, times the number of processors.</param>
/// <param name="Items">What was done in this time.</param>
internal sealed record CpuCost(double Server, double Client, double Database, double Others, double Elapsed, long Items)
{
    /// <summary>All of them together.</summary>
    public static CpuCost Sum(IEnumerable<CpuCost> costs) => costs.Aggregate(
        new CpuCost(0, 0, 0, 0, 0, 0),
        static (sum, one) => new CpuCost(
            sum.Server + one.Server, sum.Client + one.Client, sum.Database + one.Database, sum.Others + one.Others, sum.Elapsed + one.Elapsed, sum.Items + one.Items));
}

/// <summary>Reads processor times out of <c>/proc</c> before and after.</summary>
internal sealed class CpuClock
{
    // sysconf(_SC_CLK_TCK) is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    private readonly CpuSubjects _subjects;
    private readonly Times _before;
    private readonly long _started = Stopwatch.GetTimestamp();

    private CpuClock(CpuSubjects subjects)
    {
        _subjects = subjects;
        _before = Read(subjects);
    }

    /// <summary>Starts reading.</summary>
    public static CpuClock Start(CpuSubjects subjects) => new(subjects);

    /// <summary>The time since the start.</summary>
    /// <param name="items">What was done in it.</param>
    public CpuCost Stop(long items)
    {
        var after = Read(_subjects);
        var (server, client, database) = (after.Server - _before.Server, after.Client - _before.Client, after.Database - _before.Database);
        var others = Math.Max(0, after.Machine - _before.Machine - server - client - database);
        return new CpuCost(server, client, database, others, Stopwatch.GetElapsedTime(_started).TotalSeconds * Environment.ProcessorCount, items);
    }

    private static Times Read(CpuSubjects subjects) => new(
        subjects.Servers.Sum(server => OfProcess(server, withChildren: false)),
        OfProcess(Environment.ProcessId, withChildren: true),
        subjects.Postmaster is { } postmaster ? OfProcess(postmaster, withChildren: true) + OfChildren(postmaster) : 0,
        OfMachine());

    private static double OfProcess(int id, bool withChildren)
    {
        var fields = Fields(id.ToString(CultureInfo.InvariantCulture));
        var ticks = fields is null ? 0 : Ticks(fields, 11) + Ticks(fields, 12) + (withChildren ? Ticks(fields, 13) + Ticks(fields, 14) : 0);
        return ticks / TicksPerSecond;
    }

    private static double OfChildren(int parent)
    {
        double ticks = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Fields(Path.GetFileName(folder)) is { } fields && Ticks(fields, 1) == parent)
            {
                ticks += Ticks(fields, 11) + Ticks(fields, 12);
            }
        }

        return ticks / TicksPerSecond;
    }

    // "cpu user nice system idle iowait irq softirq ...": busy is all but the two idle ones.
    private static double OfMachine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Ticks(fields, 1) + Ticks(fields, 2) + Ticks(fields, 3) + Ticks(fields, 6) + Ticks(fields, 7)) / TicksPerSecond;
    }

    // proc(5): what follows the name, which is in brackets and may hold anything. Nothing where the process has ended.
    private static string[]? Fields(string id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Ticks(string[] fields, int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);

    private readonly record struct Times(double Server, double Client, double Database, double Machine);
}
