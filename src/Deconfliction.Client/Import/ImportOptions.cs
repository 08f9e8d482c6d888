namespace Deconfliction.Client.Import;

/// <summary>The bounds of an import.</summary>
public sealed record ImportOptions
{
    /// <summary>Items in one message; the protocol's limit is 500.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>Items sent and not yet answered, at most. It bounds memory and what is sent again after a break.</summary>
    public int Window { get; init; } = 4_000;

    /// <summary>How long to go on without any answer, over any number of connections, before giving up.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one connection may stay silent while items wait for an answer, before it is taken for dead.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the first new attempt; it doubles with each further one.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a new attempt.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(2);

    internal ImportOptions Checked()
    {
        Require(BatchSize is >= 1 and <= 500, $"{nameof(BatchSize)} is {BatchSize}; it takes 1 to 500.");
        Require(Window >= BatchSize, $"{nameof(Window)} is {Window}; it takes at least {nameof(BatchSize)}, {BatchSize}.");
        Require(RetryFor >= TimeSpan.Zero, $"{nameof(RetryFor)} is {RetryFor}; it takes no negative time.");
        Require(AnswerTimeout > TimeSpan.Zero, $"{nameof(AnswerTimeout)} is {AnswerTimeout}; it takes a positive time.");
        return this;
    }

    private static void Require(bool met, string problem)
    {
        if (!met)
        {
            throw new InvalidOperationException($"{nameof(ImportOptions)}.{problem}");
        }
    }
}
