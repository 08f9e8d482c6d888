using System.Runtime.InteropServices;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>Sleeps for parts of a millisecond, which <see cref="Thread.Sleep(TimeSpan)"/> rounds.</summary>
internal static class ShortSleep
{
    /// <summary>Lets the thread sleep for so long, and a little more: the kernel's timers have some slack.</summary>
    public static void For(TimeSpan time)
    {
        var length = new TimeSpec((long)time.TotalSeconds, (long)(time.Ticks % TimeSpan.TicksPerSecond * 100));
        // One that a signal cut short is none that matters: whoever waits looks at the clock again.
        _ = NanoSleep(in length, 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec length, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
