namespace Deconfliction.Grid.Agencies;

/// <summary>
/// A read that many may ask for at once: whoever asks gets one that begins after he asked, shared with everybody who asked meanwhile, and
/// reads begin no closer together than a period. So however many ask, the store is asked a few times a second. Thread-safe.
/// </summary>
internal sealed class SharedRead(Func<CancellationToken, Task> read, TimeSpan apart, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private Task? _next;
    private long? _begun;

    /// <summary>Ends with the read, and throws what it throws.</summary>
    public Task JoinAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Nobody's own read: who stops waiting does not end it for the others.
            _next ??= Task.Run(RunAsync, CancellationToken.None);
            return _next.WaitAsync(cancellationToken);
        }
    }

    private async Task RunAsync()
    {
        if (_begun is { } begun && apart - time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time);
        }

        lock (_gate)
        {
            // Who comes from now on may know more than this read will see.
            _next = null;
            _begun = time.GetTimestamp();
        }

        using var patience = new CancellationTokenSource(s_patience, time);
        await read(patience.Token);
    }
}
