using System.Buffers;
using Deconfliction.Rpc.Wire;
using Google.Protobuf;

namespace Deconfliction.Rpc.Client;

/// <summary>Reads messages out of a response's body through one rented buffer. One read at a time.</summary>
internal sealed class ResponseReader<T>(Stream body, MessageParser<T> parser, bool gzip, int maxMessageBytes, int firstBufferBytes) : IDisposable
    where T : class, IMessage<T>
{
    /// <summary>Enough for most single responses: many callers at once outgrow the pool of larger arrays.</summary>
    public const int SingleBufferBytes = 1024;

    /// <summary>Enough for many messages of a stream.</summary>
    public const int StreamBufferBytes = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(firstBufferBytes);
    private int _start;
    private int _end;

    /// <summary>A message that is in the buffer already; null where there is none.</summary>
    /// <exception cref="WireException">What is there is no message.</exception>
    public T? TryRead()
    {
        var buffered = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        switch (Frame.TryRead(ref buffered, maxMessageBytes, out var compressed, out var payload, out var bytes))
        {
            case FrameState.ReservedFlag:
                throw WireException.ReservedFlag();
            case FrameState.TooLarge:
                throw WireException.TooLarge(bytes, maxMessageBytes);
            case FrameState.Incomplete:
                MakeRoom(bytes);
                return null;
        }

        _start = _end - (int)buffered.Length;
        return MessageCodec.Decode(parser, payload, compressed, gzip, maxMessageBytes);
    }

    /// <summary>The next message; null at the end of the body.</summary>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryRead() is { } message)
            {
                return message;
            }

            var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return _end == _start ? null : throw WireException.Truncated(_end - _start);
            }

            _end += read;
        }
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        body.Dispose();
    }

    /// <summary>Room for the message that has begun (its length is within the limit), or for some bytes where none has.</summary>
    private void MakeRoom(uint payloadBytes)
    {
        var needed = Math.Max(Frame.HeaderBytes + (int)payloadBytes, SingleBufferBytes / 2);
        var held = _end - _start;
        if (_buffer.Length - _start >= needed && _end < _buffer.Length)
        {
            if (held == 0)
            {
                _start = _end = 0;
            }

            return;
        }

        var target = _buffer.Length >= needed ? _buffer : ArrayPool<byte>.Shared.Rent(needed);
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        if (!ReferenceEquals(target, _buffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        _start = 0;
        _end = held;
    }
}
