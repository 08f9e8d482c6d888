using System.Runtime.CompilerServices;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Alerts;

/// <summary>AlertService.</summary>
public sealed class AlertClient
{
    private static readonly RpcMethod<StreamAlertsRequest, StreamAlertsResponse> Stream =
        Caller.Method<StreamAlertsRequest, StreamAlertsResponse>(AlertServiceReflection.Descriptor, "StreamAlerts");
    private static readonly RpcMethod<AcknowledgeAlertsRequest, AcknowledgeAlertsResponse> Acknowledge =
        Caller.Method<AcknowledgeAlertsRequest, AcknowledgeAlertsResponse>(AlertServiceReflection.Descriptor, "AcknowledgeAlerts");

    // The protocol promises a sign of life every 15 s.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);

    private readonly Caller _caller;

    internal AlertClient(Caller caller) => _caller = caller;

    /// <summary>Follows the feed over one call, until it breaks or the token is cancelled. Resume after the last position that was read.</summary>
    /// <exception cref="GridException">
    /// The call broke (UNAVAILABLE, also when the server gave no sign of life for 45 s), or OUT_OF_RANGE: the position is older than
    /// what is kept.
    /// </exception>
    public async IAsyncEnumerable<StreamAlertsResponse> StreamAsync(
        StreamAlertsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(LongestSilence, _caller.Options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        using var call = _caller.Channel.ServerStream(Stream, request, new RpcCallOptions { RetrySafe = false }, both.Token);
        while (await MoveNextAsync(call.ResponseStream, silence, cancellationToken))
        {
            silence.CancelAfter(LongestSilence);
            yield return call.ResponseStream.Current;
        }
    }

    /// <summary>Acknowledges all alerts up to a position.</summary>
    /// <returns>The last acknowledged position now.</returns>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<long> AcknowledgeAsync(long upToPosition, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(Acknowledge, new AcknowledgeAlertsRequest { UpToPosition = upToPosition }, cancellationToken)).AcknowledgedPosition;

    private static async Task<bool> MoveNextAsync(
        IAsyncStreamReader<StreamAlertsResponse> reader, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.MoveNext(silence.Token);
        }
        catch (RpcException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GridException(new GridError(
                "UNAVAILABLE", "NO_ANSWER", $"The server gave no sign of life for {LongestSilence.TotalSeconds:0} s."));
        }
        catch (RpcException problem)
        {
            throw Caller.Told(problem, cancellationToken);
        }
    }
}
