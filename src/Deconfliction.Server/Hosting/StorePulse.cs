using Deconfliction.Gateway;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// Asks a store whether it answers, and does not wait for it longer than told: not even where what waits beneath cannot be broken off, as
/// on a connection that has gone silent. One question is under way at most. For one caller at a time.
/// </summary>
internal sealed class StorePulse(IGatewayStore store, TimeProvider time)
{
    private Task? _asking;

    /// <summary>Ends when the store has answered.</summary>
    /// <exception cref="TimeoutException">It has not, within the patience.</exception>
    public async Task AskAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        _asking ??= AskAsync(patience);
        var asking = _asking;
        try
        {
            await asking.WaitAsync(patience, time, cancellationToken);
        }
        finally
        {
            if (asking.IsCompleted)
            {
                _asking = null;
            }
        }
    }

    private async Task AskAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, time);
        await store.ReadSettingAsync("key-check/ids", limit.Token);
    }
}
