using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>How often a second a folder's disk makes 8 kB durable: the ceiling of whatever commits one by one.</summary>
internal static class DiskSync
{
    private const int BlockBytes = 8 * 1024;
    private const int FileBytes = 16 * 1024 * 1024;

    /// <summary>Writes and flushes for a while, over a file that has its blocks already, as a write-ahead log has.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static LatencyHistogram Measure(string folder, TimeSpan length)
    {
        var path = Path.Combine(folder, "sync.tmp");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.Write(file, new byte[FileBytes], 0);
        RandomAccess.FlushToDisk(file);

        var histogram = new LatencyHistogram();
        var block = new byte[BlockBytes];
        var started = Stopwatch.GetTimestamp();
        for (var offset = 0L; Stopwatch.GetElapsedTime(started) < length; offset = (offset + BlockBytes) % FileBytes)
        {
            var before = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, offset);
            if (DataSync(file) != 0)
            {
                throw new IOException($"fdatasync in '{folder}' failed with error {Marshal.GetLastPInvokeError()}.");
            }

            histogram.Record((long)Stopwatch.GetElapsedTime(before).TotalNanoseconds);
        }

        return histogram;
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DataSync(SafeFileHandle file);
}
