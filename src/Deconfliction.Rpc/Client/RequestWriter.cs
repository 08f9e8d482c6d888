using System.IO.Pipelines;
using Deconfliction.Rpc.Wire;
using Google.Protobuf;

namespace Deconfliction.Rpc.Client;

/// <summary>Writes requests into the pipe that the connection drains.</summary>
internal sealed class RequestWriter<T>(PipeWriter pipe, bool compress, int maxMessageBytes, Func<RpcException> ended) : IClientStreamWriter<T>
    where T : class, IMessage<T>
{
    private int _writing;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        Enter();
        try
        {
            if (_completed)
            {
                throw new InvalidOperationException("The stream of requests is complete. Write before CompleteAsync.");
            }

            var flags = WriteOptions?.Flags ?? WriteFlags.None;
            MessageCodec.Encode(pipe, message, compress && !flags.HasFlag(WriteFlags.NoCompress), maxMessageBytes);
            if (flags.HasFlag(WriteFlags.BufferHint) && pipe.UnflushedBytes < StreamLimits.BufferedBytes)
            {
                return;
            }

            var flushed = await pipe.FlushAsync(cancellationToken);
            if (flushed.IsCompleted)
            {
                throw ended();
            }
        }
        catch (WireException exception)
        {
            throw ResponseStatus.NotSent<T>(exception);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public async Task CompleteAsync()
    {
        Enter();
        try
        {
            if (!_completed)
            {
                _completed = true;
                await pipe.CompleteAsync();
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("A write to this stream is under way. Await it before the next.");
        }
    }
}

internal static class StreamLimits
{
    /// <summary>What waits for more before it is sent.</summary>
    public const int BufferedBytes = 32 * 1024;

    /// <summary>What waits for the connection before writers wait too.</summary>
    public static PipeOptions Pipe { get; } = new(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, useSynchronizationContext: false);
}
