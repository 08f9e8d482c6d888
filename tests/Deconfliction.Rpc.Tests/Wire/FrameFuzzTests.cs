using System.Buffers;
using System.Buffers.Binary;
using Deconfliction.Rpc.Wire;

namespace Deconfliction.Rpc.Tests.Wire;

/// <summary>The frame reader against a naive one, on random frames in random pieces and on random bytes.</summary>
public sealed class FrameFuzzTests
{
    private const int Limit = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20261123)]
    public void TryRead_OnFramesInAnyPieces_GivesTheFrames(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 2_000; run++)
        {
            var frames = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Bytes(random, random.Next(0, Limit + 1))).ToList();
            var stream = frames.SelectMany(frame => Framed((byte)(frame.Length % 2), frame)).ToArray();
            var buffer = Pieces(random, stream);
            foreach (var frame in frames)
            {
                Assert.Equal(FrameState.Complete, Frame.TryRead(ref buffer, Limit, out var compressed, out var payload, out var bytes));
                Assert.Equal((frame.Length % 2 == 1, (uint)frame.Length), (compressed, bytes));
                Assert.Equal(frame, payload.ToArray());
            }

            Assert.True(buffer.IsEmpty, $"seed {seed}, run {run}");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(20261124)]
    public void TryRead_OnRandomBytes_AgreesWithANaiveReader(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = Bytes(random, random.Next(0, 40));
            if (bytes.Length > 4 && run % 2 == 0)
            {
                // Half of the runs have a plausible header.
                bytes[0] = (byte)random.Next(3);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), (uint)random.Next(0, 50));
            }

            var buffer = Pieces(random, bytes);
            var length = buffer.Length;
            var state = Frame.TryRead(ref buffer, Limit, out _, out var payload, out _);
            Assert.True(Naive(bytes) == state, $"seed {seed}, run {run}: {state} for {Convert.ToHexString(bytes)}");
            Assert.Equal(state == FrameState.Complete ? length - 5 - payload.Length : length, buffer.Length);
        }
    }

    private static FrameState Naive(byte[] bytes)
    {
        if (bytes.Length > 0 && bytes[0] > 1)
        {
            return FrameState.ReservedFlag;
        }

        if (bytes.Length < 5)
        {
            return FrameState.Incomplete;
        }

        var length = ((long)bytes[1] << 24) + (bytes[2] << 16) + (bytes[3] << 8) + bytes[4];
        return length > Limit ? FrameState.TooLarge : bytes.Length < 5 + length ? FrameState.Incomplete : FrameState.Complete;
    }

    private static byte[] Framed(byte flag, byte[] payload) => Server.RawClient.Frame(flag, payload);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>The bytes in random pieces, some of them empty.</summary>
    private static ReadOnlySequence<byte> Pieces(Random random, byte[] bytes)
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        for (var at = 0; at < bytes.Length;)
        {
            var size = Math.Min(random.Next(0, 12), bytes.Length - at);
            last = last.Then(bytes.AsMemory(at, size));
            at += size;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
