using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Rpc;
using Google.Protobuf;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>One call on a connection of its own, whose bytes the test writes as it likes, and breaks off as it likes.</summary>
internal sealed class RawStream : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly Body _body = new();
    private readonly HttpClient _http;
    private readonly HttpRequestMessage _request;
    private readonly Task<HttpResponseMessage> _sending;
    private Socket? _socket;
    private Stream? _answers;

    public RawStream(TestServer server, X509Certificate2 certificate, string path)
    {
        _http = RawCalls.Connect(server, certificate, handler => handler.ConnectCallback = ConnectAsync);
        _request = new HttpRequestMessage(HttpMethod.Post, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = _body };
        _request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        _request.Headers.TryAddWithoutValidation("te", "trailers");
        _sending = _http.SendAsync(_request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A message with its prefix.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(5));
        return frame;
    }

    /// <summary>The first half of a message with its prefix.</summary>
    public static byte[] Half(IMessage message) => Frame(message.ToByteArray())[..(5 + (message.CalculateSize() / 2))];

    public async Task WriteAsync(params byte[] bytes)
    {
        var stream = await _body.Opened.WaitAsync(s_limit);
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    /// <summary>END_STREAM: the client says that this was all.</summary>
    public void End() => _body.End();

    /// <summary>RST_STREAM, on a connection that stays.</summary>
    public void Reset() => _body.Fail();

    /// <summary>Cuts the connection, as where a cable is pulled or a process killed: no TLS farewell, and TCP's reset.</summary>
    public void Drop()
    {
        _socket!.LingerState = new LingerOption(enable: true, 0);
        _socket.Dispose();
    }

    /// <summary>The next message of the answer.</summary>
    public async Task<T> ReadAsync<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        using var limit = new CancellationTokenSource(s_limit);
        _answers ??= await (await _sending.WaitAsync(s_limit)).Content.ReadAsStreamAsync(limit.Token);
        var prefix = new byte[5];
        await _answers.ReadExactlyAsync(prefix, limit.Token);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await _answers.ReadExactlyAsync(message, limit.Token);
        return parser.ParseFrom(message);
    }

    /// <summary>How the server ended the call, whatever messages came before.</summary>
    public async Task<RpcException> EndingAsync()
    {
        using var response = await _sending.WaitAsync(s_limit);
        using var limit = new CancellationTokenSource(s_limit);
        _answers ??= await response.Content.ReadAsStreamAsync(limit.Token);
        await _answers.CopyToAsync(Stream.Null, limit.Token);
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        var trailers = new Metadata();
        if (headers.TryGetValues("grpc-status-details-bin", out var details))
        {
            var text = details.Single();
            trailers.Add("grpc-status-details-bin", Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
        }

        var message = headers.TryGetValues("grpc-message", out var told) ? Uri.UnescapeDataString(told.Single()) : "";
        return new RpcException(new Status((StatusCode)int.Parse(headers.GetValues("grpc-status").Single()), message), trailers);
    }

    public void Dispose()
    {
        _body.End();
        _http.Dispose();
        _request.Dispose();
        _answers?.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(_socket, ownsSocket: true);
    }

    /// <summary>A body that stays open until it is ended or fails.</summary>
    private sealed class Body : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Opened => _opened.Task;

        public void End() => _done.TrySetResult();

        public void Fail() => _done.TrySetException(new IOException("The test resets the call."));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _opened.TrySetResult(stream);
            return _done.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
