using System.Buffers;
using BenchmarkDotNet.Attributes;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc.Wire;

namespace Deconfliction.Benchmarks;

/// <summary>What the wire costs: frames and messages of a check and of a claim, read and written.</summary>
[MemoryDiagnoser]
public class WireCode
{
    private const int MaximumBytes = 4 * 1024 * 1024;
    private readonly CheckResponse _response = new();
    private readonly ArrayBufferWriter<byte> _output = new(4_096);
    private readonly CreateClaimRequest _request = new()
    {
        RequestId = Guid.CreateVersion7().ToString(),
        RequestedBy = "officer-7",
        Claim = new ClaimInput
        {
            Identifier = new IdentifierInput { Kind = "sha256", Value = "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed" },
            CaseReference = "A-2026-17", Disclosure = Disclosure.Open,
        },
    };

    private byte[] _frame = [];

    /// <summary>Writes the frame that is read.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var output = new ArrayBufferWriter<byte>();
        MessageCodec.Encode(output, _request, compress: false, MaximumBytes);
        _frame = output.WrittenSpan.ToArray();
    }

    /// <summary>A claim's request, from its frame: length, message, and whether its texts are UTF-8.</summary>
    [Benchmark]
    public CreateClaimRequest ReadRequest()
    {
        var buffer = new ReadOnlySequence<byte>(_frame);
        return Frame.TryRead(ref buffer, MaximumBytes, out var compressed, out var payload, out _) == FrameState.Complete
            ? MessageCodec.Decode(CreateClaimRequest.Parser, payload, compressed, gzip: false, MaximumBytes)
            : throw new InvalidOperationException("The frame is not whole.");
    }

    /// <summary>A claim's request into its frame.</summary>
    [Benchmark]
    public int WriteRequest() => Write(_request);

    /// <summary>The answer of a check that has nothing to tell.</summary>
    [Benchmark]
    public int WriteEmptyResponse() => Write(_response);

    private int Write<T>(T message)
        where T : class, Google.Protobuf.IMessage<T>
    {
        _output.ResetWrittenCount();
        MessageCodec.Encode(_output, message, compress: false, MaximumBytes);
        return _output.WrittenCount;
    }
}
