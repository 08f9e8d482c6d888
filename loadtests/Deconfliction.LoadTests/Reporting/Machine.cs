using System.Globalization;
using System.Runtime.InteropServices;

namespace Deconfliction.LoadTests.Reporting;

/// <summary>
/// Where the figures were measured; of the system also when it writes pages back, because a commit that meets a large write-back waits for it
/// (Documentation/admin-guide/sysctl/vm.rst).
/// </summary>
internal sealed record Machine(
    string Processor, int Processors, double MemoryGigabytes, string System, string WriteBack, string Runtime, string LoadBefore)
{
    private static readonly string[] s_writeBack = ["dirty_background_bytes", "dirty_background_ratio", "dirty_expire_centisecs", "dirty_writeback_centisecs"];

    /// <summary>This machine, now.</summary>
    public static Machine Read() => new(
        Value("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        RuntimeInformation.OSDescription,
        string.Join(", ", s_writeBack.Where(static name => File.Exists(Setting(name))).Select(static name => $"vm.{name}={File.ReadAllText(Setting(name)).Trim()}")),
        RuntimeInformation.FrameworkDescription,
        File.ReadAllText("/proc/loadavg").Split(' ')[0]);

    /// <summary>In a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processors} processors ({Processor}), {MemoryGigabytes:0.#} GB, {System}, {Runtime}; load average before the run {LoadBefore}");

    private static string Setting(string name) => $"/proc/sys/vm/{name}";

    private static string? Value(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
