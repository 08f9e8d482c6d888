namespace Deconfliction.Ledger.Grouping;

/// <summary>
/// How much of the machine bulk takes (rule 9). Alone it takes all there is. While interactive work is about, it goes one small group at a
/// time and rests after each for as long as the group took, so that whoever waits for an answer finds a processor and the database free.
/// </summary>
/// <remarks>
/// Lanes of their own are not enough: a claim passes from thread to thread some ten times, and where an import keeps every processor busy
/// each of these waits for its turn. Bulk always goes on: a rest is bounded by the group before it, and by <see cref="MostRest"/>.
/// </remarks>
internal sealed class BulkPace(TimeProvider time)
{
    /// <summary>Items in a group at most while interactive work is about.</summary>
    public const int MostBeside = 64;

    /// <summary>Interactive work is about for so long after it was last asked for.</summary>
    public static readonly TimeSpan About = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest rest: a group that waited for a database that does not answer says nothing of how busy it is.</summary>
    public static readonly TimeSpan MostRest = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly long _mostRest = (long)(MostRest.TotalSeconds * time.TimestampFrequency);
    private long _askedAt = time.GetTimestamp() - time.TimestampFrequency;
    private long _restsUntil = time.GetTimestamp();

    private bool IsBeside => time.GetElapsedTime(Volatile.Read(ref _askedAt)) < About;

    /// <summary>Somebody waits for an answer.</summary>
    public void Asked() => Volatile.Write(ref _askedAt, time.GetTimestamp());

    /// <summary>Items in the next group at most.</summary>
    public int Most(int maximum) => IsBeside ? Math.Min(MostBeside, maximum) : maximum;

    /// <summary>Waits until the next group may begin; a cancelled wait is over at once.</summary>
    /// <returns>What is disposed of when the group is done.</returns>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        if (!IsBeside)
        {
            return default;
        }

        try
        {
            await _one.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return default;
        }

        try
        {
            if (time.GetElapsedTime(time.GetTimestamp(), _restsUntil) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Its turn all the same.
        }

        return new Turn(this, time.GetTimestamp());
    }

    private void Leave(long began)
    {
        var now = time.GetTimestamp();
        _restsUntil = now + Math.Min(now - began, _mostRest);
        _one.Release();
    }

    /// <summary>A group's turn; nothing where bulk is alone.</summary>
    public readonly struct Turn(BulkPace? pace, long began) : IDisposable
    {
        /// <summary>The group is done.</summary>
        public void Dispose() => pace?.Leave(began);
    }
}
