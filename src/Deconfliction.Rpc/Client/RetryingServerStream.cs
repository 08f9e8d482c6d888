using Google.Protobuf;

namespace Deconfliction.Rpc.Client;

/// <summary>A server stream that is opened again, where that is safe, until its first message has come; never after.</summary>
internal sealed class RetryingServerStream<TRequest, TResponse> : RpcServerStream<TResponse>, IAsyncStreamReader<TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly RpcChannel _channel;
    private readonly RpcMethod<TRequest, TResponse> _method;
    private readonly RpcCallOptions _options;
    private readonly ReadOnlyMemory<byte> _frame;
    private readonly CallDeadline _deadline;
    private readonly RetrySchedule _retries;
    private StreamCall<TRequest, TResponse> _call;
    private bool _delivered;

    public RetryingServerStream(
        RpcChannel channel, RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancellationToken)
    {
        _channel = channel;
        _method = method;
        _options = options;
        _frame = SingleContent.Frame(request, options.Compress, channel.Options.MaxSendMessageBytes);
        _deadline = new CallDeadline(channel.Options.Time, options.Timeout, cancellationToken);
        _retries = new RetrySchedule(channel.Options.Retry, options.RetrySafe ?? method.IsRetrySafe, _deadline);
        _call = Open();
    }

    public override IAsyncStreamReader<TResponse> ResponseStream => this;

    public override Task<Metadata> ResponseHeadersAsync => _call.HeadersAsync();

    public TResponse Current => _call.Current;

    public override Status GetStatus() => _call.Status;

    public override Metadata GetTrailers() => _call.Trailers;

    public Task<bool> MoveNext(CancellationToken cancellationToken) =>
        _delivered ? _call.MoveNext(cancellationToken) : FirstAsync(cancellationToken);

    public override void Dispose()
    {
        _deadline.End();
        _call.Dispose();
        _deadline.Dispose();
    }

    private async Task<bool> FirstAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan pause;
            try
            {
                _delivered = await _call.MoveNext(cancellationToken);
                return _delivered;
            }
            catch (RpcException exception) when (_retries.Next(exception) is { } next)
            {
                pause = next;
            }

            await UnaryCall.PauseAsync(pause, _channel.Options.Time, _deadline);
            _call.Dispose();
            _call = Open();
        }
    }

    private StreamCall<TRequest, TResponse> Open() => new(_channel, _method, _options, _deadline, _retries.Attempt, _frame);
}
