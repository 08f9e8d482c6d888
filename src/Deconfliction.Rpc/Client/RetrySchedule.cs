using System.Globalization;
using Deconfliction.Rpc.Wire;

namespace Deconfliction.Rpc.Client;

/// <summary>
/// Whether and when a call is made again: only what is safe to repeat, only after UNAVAILABLE, a bounded number of times, never
/// past the deadline. A server that names a time (grpc-retry-pushback-ms, RetryInfo) is obeyed; a negative push-back forbids it.
/// </summary>
internal sealed class RetrySchedule(RpcRetryPolicy policy, bool safe, CallDeadline deadline)
{
    public int Attempt { get; private set; }

    /// <summary>The pause before the next attempt; null where there is none.</summary>
    public TimeSpan? Next(RpcException failure)
    {
        if (!safe || failure.StatusCode != StatusCode.Unavailable || Attempt + 1 >= policy.MaxAttempts || deadline.IsOver)
        {
            return null;
        }

        var pause = Backoff();
        if (failure.Trailers.GetValue(MetadataHeaders.RetryPushback) is { } pushback)
        {
            if (!int.TryParse(pushback, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds < 0)
            {
                return null;
            }

            pause = TimeSpan.FromMilliseconds(milliseconds);
        }
        else if (failure.GetRetryInfo()?.RetryDelay is { } delay && delay.ToTimeSpan() is var asked && asked > TimeSpan.Zero)
        {
            // All who were turned away come back at different times.
            pause = asked + pause;
        }

        if (pause > policy.MaxAskedPause + policy.MaxBackoff || (deadline.Left is { } left && pause >= left))
        {
            return null;
        }

        Attempt++;
        return pause;
    }

    private TimeSpan Backoff()
    {
        var bound = Math.Min(policy.FirstBackoff.TotalMilliseconds * Math.Pow(2, Attempt), policy.MaxBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(policy.Random.NextDouble() * bound);
    }
}
