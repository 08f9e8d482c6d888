using Deconfliction.Protocol.V1;

namespace Deconfliction.Client.Import;

/// <summary>
/// Imports claims over as many ImportClaims calls as it takes. Items go out in batches, at most a window ahead of their answers.
/// When a call breaks, what is unanswered is sent again on a new one with the same request_ids, so that nothing is lost and
/// nothing is done twice (invariant I4).
/// </summary>
public sealed class ClaimImport
{
    private const int MostRefusals = 3;

    private readonly Func<CancellationToken, ValueTask<IImportStream>> _open;
    private readonly ImportOptions _options;
    private readonly string _requestedBy;
    private readonly TimeProvider _time;
    private readonly Random _jitter;

    internal ClaimImport(
        Func<CancellationToken, ValueTask<IImportStream>> open, string requestedBy, ImportOptions options, TimeProvider time, Random jitter)
    {
        _open = open;
        _requestedBy = requestedBy;
        _options = options.Checked();
        _time = time;
        _jitter = jitter;
    }

    /// <summary>Called when a connection broke: the error, and how long until the next attempt.</summary>
    public Action<GridError, TimeSpan>? Interrupted { get; set; }

    /// <summary>
    /// Imports all items. Positions must be unique. <paramref name="answered"/> is called once an item, one call at a time,
    /// with the final answer.
    /// </summary>
    /// <exception cref="GridException">
    /// The grid refused the import, or gave no answer for <see cref="ImportOptions.RetryFor"/>. Items without an answer may or may
    /// not have been claimed; importing them again is safe.
    /// </exception>
    public async Task RunAsync(IEnumerable<ImportItem> items, Action<ImportItem, ImportResult> answered, CancellationToken cancellationToken)
    {
        using var source = items.GetEnumerator();
        var unanswered = new UnansweredItems(source, _options);
        var progress = new ImportProgress(_time);
        var refusals = 0;
        GridException? broken = null;
        for (var attempt = 0; ; attempt++)
        {
            var answersBefore = progress.Answers;
            var error = await TryAttemptAsync(unanswered, answered, progress, cancellationToken);
            if (error is null)
            {
                return;
            }

            // One such end may be a dying server's; a refused certificate stays refused.
            refusals = error.Error.Reason == RpcErrors.ClosedAfterHandshake ? refusals + 1 : 0;
            broken = refusals == 0 ? error : broken;
            if (IsFinal(error.Error) && refusals is 0 or MostRefusals)
            {
                throw error;
            }

            if (progress.SinceLastAnswer > _options.RetryFor)
            {
                throw broken ?? error;
            }

            attempt = progress.Answers > answersBefore ? 0 : attempt;
            var wait = Backoff(attempt, error.Error.RetryAfter);
            Interrupted?.Invoke(error.Error, wait);
            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    private async Task<GridException?> TryAttemptAsync(
        UnansweredItems unanswered, Action<ImportItem, ImportResult> answered, ImportProgress progress, CancellationToken cancellationToken)
    {
        unanswered.SendAllAgain();
        try
        {
            await using var stream = await _open(cancellationToken);
            using var call = new ImportCall(stream, unanswered, answered, progress, _requestedBy, _options, _time);
            await call.RunAsync(cancellationToken);
            return null;
        }
        catch (GridException problem)
        {
            return problem;
        }
    }

    /// <summary>
    /// Whether another attempt is pointless. Anything else is tried again, also what a dying server may answer (INTERNAL, UNKNOWN,
    /// CANCELLED): request_ids make it safe, and the time to go on without an answer is bounded.
    /// </summary>
    private static bool IsFinal(GridError error) => error.IsTooLarge || error.Status is
        "INVALID_ARGUMENT" or "NOT_FOUND" or "PERMISSION_DENIED" or "UNAUTHENTICATED" or "FAILED_PRECONDITION" or "OUT_OF_RANGE" or "UNIMPLEMENTED";

    private TimeSpan Backoff(int attempt, TimeSpan? asked)
    {
        var doubled = _options.FirstBackoff * Math.Pow(2, Math.Min(attempt, 10));
        var bounded = doubled < _options.LongestBackoff ? doubled : _options.LongestBackoff;
        // Full jitter on the upper half: clients cut off together must not come back together.
        var jittered = bounded * (0.5 + (_jitter.NextDouble() / 2));
        return asked is { } time && time > jittered && time <= _options.RetryFor ? time : jittered;
    }
}
