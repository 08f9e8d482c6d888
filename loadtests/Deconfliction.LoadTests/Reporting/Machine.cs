using System.Globalization;
using System.Runtime.InteropServices;

namespace Deconfliction.LoadTests.Reporting;

/// <summary>Where the figures were measured.</summary>
internal sealed record Machine(string Processor, int Processors, double MemoryGigabytes, string System, string Runtime, string LoadBefore)
{
    /// <summary>This machine, now.</summary>
    public static Machine Read() => new(
        Value("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        File.ReadAllText("/proc/loadavg").Split(' ')[0]);

    /// <summary>In a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processors} processors ({Processor}), {MemoryGigabytes:0.#} GB, {System}, {Runtime}; load average before the run {LoadBefore}");

    private static string? Value(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
