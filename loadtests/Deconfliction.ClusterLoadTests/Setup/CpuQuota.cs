using System.Globalization;

namespace Deconfliction.ClusterLoadTests.Setup;

/// <summary>A control group with a share of one processor, by the kernel's bandwidth control; of version 1 or 2, whichever has it here.</summary>
internal sealed class CpuQuota : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    // Short, so that a silo that has used up its share stands still for milliseconds, and not for tenths of a second.
    private const int PeriodMicroseconds = 20_000;
    private static readonly string[] s_firstVersion = [$"{Root}/cpu", $"{Root}/cpu,cpuacct"];
    private readonly string _folder;
    private readonly bool _isSecond;

    private CpuQuota(string folder, bool isSecond) => (_folder, _isSecond) = (folder, isSecond);

    /// <summary>Makes a group without a limit.</summary>
    /// <exception cref="InvalidOperationException">There is no controller that may be written to here.</exception>
    public static CpuQuota Create(string name)
    {
        var first = Array.Find(s_firstVersion, static folder => File.Exists($"{folder}/cpu.cfs_quota_us") || File.Exists($"{folder}/cpu.shares"));
        try
        {
            if (first is null)
            {
                File.WriteAllText($"{Root}/cgroup.subtree_control", "+cpu");
            }

            var folder = $"{first ?? Root}/deconfliction-load-{Environment.ProcessId}-{name}";
            Directory.CreateDirectory(folder);
            return new CpuQuota(folder, isSecond: first is null);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"No control group for processors can be made below {first ?? Root} ({refused.Message}). Run this as root, outside a container or in one that may, or leave 'scale' out with --only.",
                refused);
        }
    }

    /// <summary>Takes a process in, with all its threads.</summary>
    public void Add(int process) => Write("cgroup.procs", process.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets the share.</summary>
    /// <param name="percent">Of one processor.</param>
    public void Limit(int percent)
    {
        var quota = PeriodMicroseconds * percent / 100;
        if (_isSecond)
        {
            Write("cpu.max", string.Create(CultureInfo.InvariantCulture, $"{quota} {PeriodMicroseconds}"));
        }
        else
        {
            Write("cpu.cfs_period_us", PeriodMicroseconds.ToString(CultureInfo.InvariantCulture));
            Write("cpu.cfs_quota_us", quota.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Goes; the processes in it must have ended.</summary>
    public void Dispose() => Directory.Delete(_folder);

    private void Write(string file, string text) => File.WriteAllText($"{_folder}/{file}", text);
}
