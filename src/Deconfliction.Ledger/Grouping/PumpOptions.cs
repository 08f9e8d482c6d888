namespace Deconfliction.Ledger.Grouping;

/// <summary>The bounds of a <see cref="Pump{TItem,TResult}"/>.</summary>
internal sealed record PumpOptions
{
    /// <summary>What the queue is called in errors, such as <c>interactive append</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Items in one group at most.</summary>
    public required int MaximumGroup { get; init; }

    /// <summary>Items waiting at most.</summary>
    public required int MaximumQueue { get; init; }

    /// <summary>Groups under way at once at most.</summary>
    public required int Workers { get; init; }

    /// <summary>
    /// How many must wait before another group starts beside one that is under way. A group costs the database and this process about as
    /// much for one item as for ten: with fewer than this the wait for the next group is the better deal for everybody.
    /// </summary>
    public int WorthASecond { get; init; } = 1;

    /// <summary>Holds groups back while others have the right of way; nothing where none has.</summary>
    public BulkPace? Pace { get; init; }

    /// <summary>When a shed caller should come back.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long closing waits for what is under way.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What a caller is told that stops waiting for an item already handed to the database.</summary>
    public Func<CancellationToken, Exception> Abandoned { get; init; } = static token => new OperationCanceledException(token);

    /// <summary>The same for writes: it may or may not happen.</summary>
    public static Exception OutcomeUnknown(CancellationToken cancellationToken) => new OutcomeUnknownException(
        "The wait was given up after the write had been handed to the database: it may or may not have happened. "
        + "Retry with the same request id.",
        new OperationCanceledException(cancellationToken));
}
