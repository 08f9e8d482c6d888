using System.Diagnostics;

namespace Deconfliction.Testing.Processes;

/// <summary>Waits for conditions, with a limit that names what never came.</summary>
public static class Waiting
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    // What is asked may hang itself, as a browser that has lost its page does. Long, as an answer that comes late is an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the limit.</exception>
    public static Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> condition) => UntilAsync(() => what, limit, condition);

    /// <summary>Until the condition holds; what never came is put into words when it has not.</summary>
    /// <exception cref="TimeoutException">It did not within the limit.</exception>
    public static async Task UntilAsync(Func<string> what, TimeSpan limit, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Poll);
        while (!await WithinAsync(what, limit + Patience, condition()))
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what()}.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Until the condition holds.</summary>
    public static Task UntilAsync(string what, TimeSpan limit, Func<bool> condition) =>
        UntilAsync(what, limit, () => Task.FromResult(condition()));

    /// <summary>Its result, if that comes within the limit.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static Task<T> WithinAsync<T>(string what, TimeSpan limit, Task<T> task) => WithinAsync(() => what, limit, task);

    /// <summary>Its end, if that comes within the limit.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static Task WithinAsync(string what, TimeSpan limit, Task task) => WithinAsync(what, limit, ResultOf(task));

    private static async Task<bool> ResultOf(Task task)
    {
        await task;
        return true;
    }

    private static async Task<T> WithinAsync<T>(Func<string> what, TimeSpan limit, Task<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        try
        {
            return await task.WaitAsync(limit);
        }
        catch (TimeoutException late) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Not within {limit.TotalSeconds} s, and what was asked has not answered: {what()}.", late);
        }
    }
}
