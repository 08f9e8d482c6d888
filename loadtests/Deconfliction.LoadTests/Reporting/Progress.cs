using System.Diagnostics;
using System.Globalization;

namespace Deconfliction.LoadTests.Reporting;

/// <summary>Says on standard error what is going on: a line a step, and on a terminal a counter that moves.</summary>
internal sealed class Progress(TextWriter screen, bool isTerminal)
{
    private static readonly TimeSpan s_redraw = TimeSpan.FromSeconds(1);
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>A step, begun or done.</summary>
    public void Say(string text) =>
        screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(isTerminal ? "\r\e[K" : "")}{Stopwatch.GetElapsedTime(_started):mm\\:ss} {text}"));

    /// <summary>Awaits work, showing how much of it is done; where none is told, how long it has taken.</summary>
    public async Task<T> FollowAsync<T>(string what, Task<T> work, Func<long> done)
    {
        if (isTerminal)
        {
            var began = Stopwatch.GetTimestamp();
            using var timer = new PeriodicTimer(s_redraw);
            while (await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask()) != work)
            {
                var (count, seconds) = (done(), Stopwatch.GetElapsedTime(began).TotalSeconds);
                await screen.WriteAsync(string.Create(
                    CultureInfo.InvariantCulture, $"\r\e[K{what}: {(count > 0 ? $"{count:N0} done, {count / seconds:N0}/s" : $"{seconds:0} s")}"));
            }
        }

        return await work;
    }
}
