using Google.Protobuf;
using Grpc.Testing;

namespace Deconfliction.Rpc.Tests.Interop;

/// <summary>gRPC's interop cases, own client to own server.</summary>
[Collection(ServerFixture.Collection)]
public sealed class OwnClientInteropTests(ServerFixture fixture)
{
    private static readonly int[] s_inputSizes = [27182, 8, 1828, 45904];
    private static readonly int[] s_outputSizes = [31415, 9, 2653, 58979];

    private readonly RpcChannel _channel = fixture.Channel;

    [Fact]
    public async Task EmptyUnary() => Assert.Equal(new Empty(), await _channel.UnaryAsync(Methods.EmptyCall, new Empty()));

    [Fact]
    public async Task LargeUnary()
    {
        var response = await _channel.UnaryAsync(Methods.UnaryCall, Large());
        Assert.Equal(new byte[314159], response.Payload.Body.ToByteArray());
    }

    [Fact]
    public async Task ClientStreaming()
    {
        using var call = _channel.ClientStream(Methods.InputCall);
        foreach (var size in s_inputSizes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(size) });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call.ResponseAsync).AggregatedPayloadSize);
    }

    [Fact]
    public async Task ServerStreaming()
    {
        using var call = _channel.ServerStream(Methods.OutputCall, Ask(s_outputSizes));
        Assert.Equal(s_outputSizes, await SizesAsync(call.ResponseStream));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task PingPong()
    {
        using var call = _channel.DuplexStream(Methods.FullDuplexCall);
        foreach (var (input, output) in s_inputSizes.Zip(s_outputSizes))
        {
            var request = Ask(output);
            request.Payload = Zeros(input);
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(output, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task EmptyStream()
    {
        using var call = _channel.DuplexStream(Methods.FullDuplexCall);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task CustomMetadata()
    {
        byte[] binary = [0xab, 0xab, 0xab];
        var options = new RpcCallOptions
        {
            Headers = new Metadata { { "x-grpc-test-echo-initial", "test_initial_metadata_value" }, { "x-grpc-test-echo-trailing-bin", binary } },
        };
        var unary = await _channel.UnaryWithMetadataAsync(Methods.UnaryCall, Large(), options);
        Assert.Equal("test_initial_metadata_value", unary.Headers.GetValue("x-grpc-test-echo-initial"));
        Assert.Equal(binary, unary.Trailers.GetValueBytes("x-grpc-test-echo-trailing-bin"));

        using var call = _channel.DuplexStream(Methods.FullDuplexCall, options);
        await call.RequestStream.WriteAsync(Ask(314159));
        await call.RequestStream.CompleteAsync();
        Assert.Equal("test_initial_metadata_value", (await call.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
        Assert.Single(await SizesAsync(call.ResponseStream));
        Assert.Equal(binary, call.GetTrailers().GetValueBytes("x-grpc-test-echo-trailing-bin"));
    }

    [Theory]
    [InlineData("test status message")]
    [InlineData("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")]
    public async Task StatusCodeAndMessage(string message)
    {
        var status = new EchoStatus { Code = 2, Message = message };
        var unary = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(Methods.UnaryCall, new SimpleRequest { ResponseStatus = status }));
        Assert.Equal(new Status(StatusCode.Unknown, message), unary.Status);

        using var call = _channel.DuplexStream(Methods.FullDuplexCall);
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status });
        await call.RequestStream.CompleteAsync();
        var stream = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(new Status(StatusCode.Unknown, message), stream.Status);
        Assert.Equal(stream.Status, call.GetStatus());
    }

    [Theory]
    [InlineData("grpc.testing.TestService", "UnimplementedCall")]
    [InlineData("grpc.testing.UnimplementedService", "UnimplementedCall")]
    public async Task Unimplemented(string service, string name)
    {
        var method = Methods.EmptyCall with { Service = service, Name = name };
        method = new RpcMethod<Empty, Empty>(service, name, RpcMethodType.Unary, method.RequestParser, method.ResponseParser);
        var error = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(method, new Empty()));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task CancelAfterBegin()
    {
        using var cancel = new CancellationTokenSource();
        using var call = _channel.ClientStream(Methods.InputCall, cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task CancelAfterFirstResponse()
    {
        using var cancel = new CancellationTokenSource();
        using var call = _channel.DuplexStream(Methods.FullDuplexCall, cancellationToken: cancel.Token);
        await call.RequestStream.WriteAsync(Ask(31415));
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact]
    public async Task TimeoutOnSleepingServer()
    {
        using var call = _channel.DuplexStream(Methods.FullDuplexCall, new RpcCallOptions { Timeout = TimeSpan.FromMilliseconds(1) });
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Zeros(27182) });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        });
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task ClientCompressedUnary()
    {
        var probe = Large();
        probe.ExpectCompressed = new BoolValue { Value = true };
        var error = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(Methods.UnaryCall, probe));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(314159, (await _channel.UnaryAsync(Methods.UnaryCall, probe, new RpcCallOptions { Compress = true })).Payload.Body.Length);
        probe.ExpectCompressed.Value = false;
        Assert.Equal(314159, (await _channel.UnaryAsync(Methods.UnaryCall, probe)).Payload.Body.Length);
    }

    [Fact]
    public async Task ClientCompressedStreaming()
    {
        using var call = _channel.ClientStream(Methods.InputCall, new RpcCallOptions { Compress = true });
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { ExpectCompressed = new BoolValue { Value = true }, Payload = Zeros(27182) });
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { ExpectCompressed = new BoolValue { Value = false }, Payload = Zeros(45904) });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(73086, (await call.ResponseAsync).AggregatedPayloadSize);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ServerCompressedUnary(bool compressed)
    {
        var request = Large();
        request.ResponseCompressed = new BoolValue { Value = compressed };
        Assert.Equal(new byte[314159], (await _channel.UnaryAsync(Methods.UnaryCall, request)).Payload.Body.ToByteArray());
    }

    [Fact]
    public async Task ServerCompressedStreaming()
    {
        var request = Ask(31415, 92653);
        request.ResponseParameters[0].Compressed = new BoolValue { Value = true };
        using var call = _channel.ServerStream(Methods.OutputCall, request);
        Assert.Equal([31415, 92653], await SizesAsync(call.ResponseStream));
    }

    private static SimpleRequest Large() => new() { ResponseSize = 314159, Payload = Zeros(271828) };

    private static Payload Zeros(int bytes) => new() { Body = ByteString.CopyFrom(new byte[bytes]) };

    private static StreamingOutputCallRequest Ask(params int[] sizes)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.Add(sizes.Select(size => new ResponseParameters { Size = size }));
        return request;
    }

    private static async Task<List<int>> SizesAsync(IAsyncStreamReader<StreamingOutputCallResponse> stream)
    {
        var sizes = new List<int>();
        await foreach (var response in stream.ReadAllAsync())
        {
            sizes.Add(response.Payload.Body.Length);
        }

        return sizes;
    }
}
