using Deconfliction.Cli.Screens;
using Deconfliction.Client;
using Deconfliction.Client.Alerts;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Alerts;

/// <summary>What to watch.</summary>
/// <param name="From">The first position to show; null for what follows the last acknowledged one.</param>
/// <param name="Acknowledge">Whether to acknowledge what was shown.</param>
/// <param name="NoWait">Whether to stop at the feed's head.</param>
/// <param name="RetryFor">How long to try to reach a server that went away.</param>
internal sealed record AlertWatchOptions(long? From, bool Acknowledge, bool NoWait, TimeSpan RetryFor);

/// <summary>
/// Shows a feed. When the call breaks it goes on after the last position shown, so that the reader sees each alert once
/// (invariant I5); what was shown and not acknowledged is shown again by the next watch.
/// </summary>
internal sealed class AlertWatch(AlertClient alerts, Screen screen, AlertWatchOptions options, TimeProvider time)
{
    private const int AcknowledgeAfter = 500;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);

    private long _shown = options.From is { } from ? Math.Max(0, from - 1) : 0;
    private bool _started = options.From is not null;
    private long _acknowledged;
    private long _lastContact = time.GetTimestamp();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _acknowledged = _shown;
        var backoff = FirstBackoff;
        while (true)
        {
            try
            {
                if (await FollowAsync(() => backoff = FirstBackoff, cancellationToken))
                {
                    return;
                }
            }
            catch (GridException problem) when (problem.Error.MayPass && time.GetElapsedTime(_lastContact) < options.RetryFor)
            {
                screen.Note($"The server went away ({problem.Error.Description}); trying again for {options.RetryFor.TotalSeconds:0} s.");
            }

            await Task.Delay(backoff, time, cancellationToken);
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
        }
    }

    /// <summary>Follows one call to its end; true when all is shown and the user did not want to wait.</summary>
    private async Task<bool> FollowAsync(Action inTouch, CancellationToken cancellationToken)
    {
        var request = new StreamAlertsRequest { AfterPosition = _shown, FromAcknowledged = !_started };
        await foreach (var response in alerts.StreamAsync(request, cancellationToken))
        {
            _lastContact = time.GetTimestamp();
            inTouch();
            switch (response.EventCase)
            {
                case StreamAlertsResponse.EventOneofCase.Alert:
                    await ShowAsync(response.Alert, cancellationToken);
                    break;
                case StreamAlertsResponse.EventOneofCase.Heartbeat when await AtHeartbeatAsync(response.Heartbeat, cancellationToken):
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private async Task ShowAsync(Alert alert, CancellationToken cancellationToken)
    {
        _started = true;
        _shown = alert.Position;
        screen.OnlyJson(AlertRecord.Of(alert));
        screen.SayAsItIs(AlertRecord.Sentence(alert, screen.Speech));
        screen.Flush();
        if (_shown - _acknowledged >= AcknowledgeAfter)
        {
            await AcknowledgeAsync(cancellationToken);
        }
    }

    private async Task<bool> AtHeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        await AcknowledgeAsync(cancellationToken);
        // Beyond the head there is nothing to show: the server's refusal follows, and says so.
        return options.NoWait && heartbeat.HeadPosition == (_started ? _shown : heartbeat.AcknowledgedPosition);
    }

    private async Task AcknowledgeAsync(CancellationToken cancellationToken)
    {
        if (options.Acknowledge && _shown > _acknowledged)
        {
            _acknowledged = await alerts.AcknowledgeAsync(_shown, cancellationToken);
        }
    }
}
