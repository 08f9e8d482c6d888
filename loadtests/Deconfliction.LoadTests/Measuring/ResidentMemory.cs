using System.Globalization;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>What a process holds in memory, in megabytes of 1,000,000 bytes, by <c>/proc/PID/status</c>.</summary>
/// <param name="Now">VmRSS.</param>
/// <param name="Peak">VmHWM.</param>
internal readonly record struct ResidentMemory(double Now, double Peak)
{
    /// <summary>Of a running process.</summary>
    public static ResidentMemory Of(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/status");
        return new ResidentMemory(Read("VmRSS:"), Read("VmHWM:"));

        double Read(string name)
        {
            var line = lines.First(text => text.StartsWith(name, StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
    }
}
