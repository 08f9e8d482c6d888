namespace Deconfliction.Grid.Budgets;

/// <summary>The arithmetic of a budget: it holds a minute's worth at most and fills evenly. Knows no clock, and is not thread-safe.</summary>
public sealed class TokenBucket
{
    private const double SecondsPerMinute = 60;
    private readonly long _perMinute;

    /// <summary>A bucket that holds so much to begin with; a minute's worth at most.</summary>
    public TokenBucket(long perMinute, double left)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);
        _perMinute = perMinute;
        Left = Math.Min(left, perMinute);
    }

    /// <summary>What is in it. Below nothing where more was taken than there was.</summary>
    public double Left { get; private set; }

    /// <summary>What comes in in a time.</summary>
    public static double Refill(long perMinute, TimeSpan elapsed) => elapsed.TotalSeconds * perMinute / SecondsPerMinute;

    /// <summary>Time goes by.</summary>
    public void Fill(TimeSpan elapsed) => Left = Math.Min(_perMinute, Left + Refill(_perMinute, elapsed));

    /// <summary>Takes up to so many, whole ones; where there is none, when there will be.</summary>
    public (long Taken, TimeSpan Wait) Take(long wanted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        var taken = Math.Min(wanted, (long)Math.Floor(Math.Max(0, Left)));
        Left -= taken;
        // A whole millisecond at least: what reads zero would be retried at once.
        return taken > 0
            ? (taken, TimeSpan.Zero)
            : (0, TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((1 - Left) * SecondsPerMinute * 1000 / _perMinute))));
    }

    /// <summary>Takes what has been spent already, even where it is not there. It is worth no more than a minute's wait.</summary>
    public void Charge(long spent) => Left = Math.Max(-_perMinute, Left - spent);
}
