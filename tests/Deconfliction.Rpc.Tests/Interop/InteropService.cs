using Google.Protobuf;
using Grpc.Testing;

namespace Deconfliction.Rpc.Tests.Interop;

/// <summary>grpc.testing.TestService as gRPC's interop test descriptions ask.</summary>
public sealed class InteropService
{
    private const string InitialKey = "x-grpc-test-echo-initial";
    private const string TrailingKey = "x-grpc-test-echo-trailing-bin";

    public Task<Empty> EmptyCall(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    public async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        ExpectCompression(request.ExpectCompressed, context);
        ThrowIfAsked(request.ResponseStatus);
        context.WriteOptions = Compression(request.ResponseCompressed);
        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    public async Task StreamingOutputCall(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await AnswerAsync(request, responses, context);
    }

    public async Task<StreamingInputCallResponse> StreamingInputCall(IAsyncStreamReader<StreamingInputCallRequest> requests, ServerCallContext context)
    {
        var sum = 0;
        while (await requests.MoveNext(context.CancellationToken))
        {
            ExpectCompression(requests.Current.ExpectCompressed, context);
            sum += requests.Current.Payload.Body.Length;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = sum };
    }

    public async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requests, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        while (await requests.MoveNext(context.CancellationToken))
        {
            await AnswerAsync(requests.Current, responses, context);
        }
    }

    private static async Task AnswerAsync(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        ThrowIfAsked(request.ResponseStatus);
        foreach (var wanted in request.ResponseParameters)
        {
            if (wanted.IntervalUs > 0)
            {
                // Asked for by the case: the server "sleeps".
                await Task.Delay(TimeSpan.FromMicroseconds(wanted.IntervalUs), context.CancellationToken);
            }

            responses.WriteOptions = Compression(wanted.Compressed);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(wanted.Size) });
        }
    }

    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        if (context.RequestHeaders.Get(TrailingKey) is { } trailing)
        {
            context.ResponseTrailers.Add(trailing);
        }

        if (context.RequestHeaders.Get(InitialKey) is { } initial)
        {
            await context.WriteResponseHeadersAsync([initial]);
        }
    }

    private static void ExpectCompression(BoolValue? expected, ServerCallContext context)
    {
        if (expected is not null && expected.Value != context.RequestCompressed)
        {
            throw RichError.InvalidArgument("The request is not compressed as it says.").ToException();
        }
    }

    private static void ThrowIfAsked(EchoStatus? status)
    {
        if (status is { Code: not 0 })
        {
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
        }
    }

    private static WriteOptions Compression(BoolValue? wanted) =>
        wanted is { Value: true } ? WriteOptions.Default : new WriteOptions(WriteFlags.NoCompress);

    private static Payload Zeros(int bytes) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[bytes]) };
}
