namespace Deconfliction.Dashboard.Access;

/// <summary>How often somebody may try to sign in and fail: ten times a minute from an address, sixty from all together. Thread-safe.</summary>
internal sealed class Attempts(TimeProvider time)
{
    /// <summary>Failures a minute from one address.</summary>
    public const int PerAddress = 10;

    /// <summary>Failures a minute in all.</summary>
    public const int InAll = 60;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private int _all;
    private long _since = time.GetTimestamp();

    /// <summary>Whether another attempt from an address is heard.</summary>
    public bool MayTry(string address)
    {
        lock (_gate)
        {
            Turn();
            return _all < InAll && _failures.GetValueOrDefault(address) < PerAddress;
        }
    }

    /// <summary>One failed.</summary>
    public void Failed(string address)
    {
        lock (_gate)
        {
            Turn();
            _all++;
            _failures[address] = _failures.GetValueOrDefault(address) + 1;
        }
    }

    // No more addresses are held than there are failures in all.
    private void Turn()
    {
        if (time.GetElapsedTime(_since) >= s_window)
        {
            _failures.Clear();
            (_all, _since) = (0, time.GetTimestamp());
        }
    }
}
