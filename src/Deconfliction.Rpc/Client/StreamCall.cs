using System.IO.Pipelines;
using Google.Protobuf;

namespace Deconfliction.Rpc.Client;

/// <summary>
/// One streaming call: a request body that is written while it runs (or is there from the start), and a response body that is
/// read. It ends once, with one status; whoever reads or writes after that gets that status.
/// </summary>
internal sealed class StreamCall<TRequest, TResponse> : IAsyncStreamReader<TResponse>, IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private static readonly Task<bool> s_true = Task.FromResult(true);

    private readonly RpcChannel _channel;
    private readonly RpcMethod<TRequest, TResponse> _method;
    private readonly CallDeadline _deadline;
    private readonly bool _ownsDeadline;
    private readonly CallContent _content;
    private readonly HttpRequestMessage _request;
    private readonly Task<HttpResponseMessage> _sending;
    private ResponseReader<TResponse>? _reader;
    private HttpResponseMessage? _response;
    private TResponse? _current;
    private RpcException? _error;
    private bool _ended;
    private int _reading;
    private volatile bool _disposed;

    /// <summary>A call whose requests are streamed.</summary>
    public StreamCall(RpcChannel channel, RpcMethod<TRequest, TResponse> method, RpcCallOptions options, CancellationToken cancellationToken)
        : this(channel, method, options, new CallDeadline(channel.Options.Time, options.Timeout, cancellationToken), ownsDeadline: true, attempt: 0, frame: null)
    {
    }

    /// <summary>A call with one request, under a deadline that outlives the attempt.</summary>
    public StreamCall(
        RpcChannel channel, RpcMethod<TRequest, TResponse> method, RpcCallOptions options, CallDeadline deadline, int attempt, ReadOnlyMemory<byte> frame)
        : this(channel, method, options, deadline, ownsDeadline: false, attempt, frame)
    {
    }

    private StreamCall(
        RpcChannel channel,
        RpcMethod<TRequest, TResponse> method,
        RpcCallOptions options,
        CallDeadline deadline,
        bool ownsDeadline,
        int attempt,
        ReadOnlyMemory<byte>? frame)
    {
        _channel = channel;
        _method = method;
        _deadline = deadline;
        _ownsDeadline = ownsDeadline;
        if (frame is { } single)
        {
            _content = SingleContent.Of(single);
        }
        else
        {
            var pipe = new Pipe(StreamLimits.Pipe);
            _content = new StreamContent(pipe.Reader);
            Requests = new RequestWriter<TRequest>(pipe.Writer, options.Compress, channel.Options.MaxSendMessageBytes, WriteRefused);
        }

        _request = RequestMessage.Create(channel, method.FullName, options, deadline.Left, attempt, _content);
        _sending = channel.SendAsync(_request, deadline.Token);
    }

    public RequestWriter<TRequest>? Requests { get; }

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no message. Call MoveNext first and see that it returns true.");

    /// <summary>The status; only after the end.</summary>
    public Status Status => _error?.Status
        ?? (_ended ? Status.DefaultSuccess : throw new InvalidOperationException("The call has no status yet. Read its responses to the end first."));

    public Metadata Trailers => _error?.Trailers
        ?? (_ended && _response is not null ? ResponseStatus.Read(_response.TrailingHeaders) : throw new InvalidOperationException("The call has no trailers yet. Read its responses to the end first."));

    public async Task<Metadata> HeadersAsync()
    {
        try
        {
            return ResponseStatus.Read((await _sending).Headers);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw ResponseStatus.From(exception, _content, _deadline, _channel.Address);
        }
    }

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("A read of this stream is under way. Await it before the next.");
        }

        try
        {
            if (!_ended && !_disposed && _error is null && !cancellationToken.IsCancellationRequested && !_deadline.IsOver && _reader?.TryRead() is { } message)
            {
                _current = message;
                Volatile.Write(ref _reading, 0);
                return s_true;
            }
        }
        catch (Wire.WireException exception)
        {
            Volatile.Write(ref _reading, 0);
            return Task.FromException<bool>(Fail(exception));
        }

        return MoveNextSlowAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (_ownsDeadline)
        {
            _deadline.End();
        }

        if (_sending.IsCompletedSuccessfully)
        {
            _sending.Result.Dispose();
        }
        else
        {
            // The send ends with the token; its exception has nobody left to tell.
            _ = _sending.ContinueWith(
                static sent => { if (sent.IsCompletedSuccessfully) { sent.Result.Dispose(); } else { _ = sent.Exception; } },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        _request.Dispose();
        if (_ownsDeadline)
        {
            _deadline.Dispose();
        }

        // A read under way holds the buffer and gives it back itself.
        _disposed = true;
        if (Interlocked.Exchange(ref _reading, 1) == 0)
        {
            Close();
            Volatile.Write(ref _reading, 0);
        }
    }

    private async Task<bool> MoveNextSlowAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_error is not null)
            {
                throw new RpcException(_error.Status, _error.Trailers, _error);
            }

            if (_ended)
            {
                return false;
            }

            await using var registration = cancellationToken.UnsafeRegister(static state => ((CallDeadline)state!).End(), _deadline);
            var reader = _reader ??= await OpenAsync();
            _current = await reader.ReadAsync(_deadline.Token);
            if (_current is not null)
            {
                return true;
            }

            if (ResponseStatus.FinalError(_response!) is { } error)
            {
                throw error;
            }

            _ended = true;
            return false;
        }
        catch (Exception exception) when (_error is null)
        {
            throw Fail(exception);
        }
        finally
        {
            if (_disposed)
            {
                Close();
            }

            Volatile.Write(ref _reading, 0);
        }
    }

    private void Close()
    {
        if (!_ended)
        {
            _error ??= new RpcException(new Status(StatusCode.Cancelled, "The call was disposed on this side before its end."));
        }

        _reader?.Dispose();
    }

    private async Task<ResponseReader<TResponse>> OpenAsync()
    {
        _response = await _sending;
        if (ResponseStatus.Refusal(_response, _channel.Address) is { } refusal)
        {
            throw refusal;
        }

        return new ResponseReader<TResponse>(
            await _response.Content.ReadAsStreamAsync(_deadline.Token),
            _method.ResponseParser,
            ResponseStatus.IsGzip(_response),
            _channel.Options.MaxReceiveMessageBytes,
            ResponseReader<TResponse>.StreamBufferBytes);
    }

    private RpcException Fail(Exception exception)
    {
        var error = ResponseStatus.From(exception, _content, _deadline, _channel.Address);
        _error = error;
        return error;
    }

    private RpcException WriteRefused() => _error is { } error
        ? new RpcException(error.Status, error.Trailers, error)
        : _deadline.IsOver
            ? _deadline.Error(inner: null)
            : new RpcException(new Status(StatusCode.Cancelled, "The server ended the call before it took all requests. Its status, which the responses end with, says why."));
}
