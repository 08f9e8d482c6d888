using System.Globalization;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>Counters of a server, as its page of metrics gives them.</summary>
/// <param name="Allocated">What its runtime has allocated, in bytes.</param>
/// <param name="Groups">Groups of appends that it has committed.</param>
/// <param name="Appends">Appends in those groups.</param>
internal readonly record struct ServerCounters(double Allocated, double Groups, double Appends)
{
    /// <summary>Reads a page in Prometheus' text format.</summary>
    /// <exception cref="FormatException">One of them is not on it.</exception>
    public static ServerCounters Read(string page) => new(
        Sum(page, "dotnet_gc_heap_total_allocated_bytes_total"),
        Sum(page, "deconfliction_ledger_group_size_count"),
        Sum(page, "deconfliction_ledger_group_size_sum"));

    /// <summary>What was counted since then.</summary>
    public static ServerCounters operator -(ServerCounters now, ServerCounters then) =>
        new(now.Allocated - then.Allocated, now.Groups - then.Groups, now.Appends - then.Appends);

    // NAME{labels} VALUE [TIME]: over all labels. No label here has a space in its value.
    private static double Sum(string page, string name)
    {
        var values = page.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.AsSpan(name.Length) is [' ' or '{', ..])
            .Select(static line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))
            .ToList();
        return values.Count > 0 ? values.Sum() : throw new FormatException($"The server's metrics have no {name}.");
    }
}
