using Deconfliction.Rpc.Wire;
using Google.Protobuf;

namespace Deconfliction.Rpc.Server;

/// <summary>Writes messages straight into the response's pipe.</summary>
internal sealed class ResponseWriter<T>(HttpServerCallContext call) : IServerStreamWriter<T>
    where T : class, IMessage<T>
{
    private const int MaxBufferedBytes = 32 * 1024;
    private int _writing;

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>The one response of a method that has one. It leaves together with the trailers, in one flush.</summary>
    public static ValueTask WriteSingleAsync(HttpServerCallContext call, T? message)
    {
        if (call.Lifetime.IsCut)
        {
            call.Lifetime.ThrowIfOver();
        }

        var started = call.StartResponseAsync();
        if (!started.IsCompletedSuccessfully)
        {
            return WriteLaterAsync(call, message, started);
        }

        Encode(call, message, call.WriteOptions);
        return default;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("A write to this stream is under way. Await it before the next.");
        }

        try
        {
            call.Lifetime.ThrowIfOver();
            await call.StartResponseAsync();
            var options = WriteOptions ?? call.WriteOptions;
            Encode(call, message, options);
            if (options is not null && options.Flags.HasFlag(WriteFlags.BufferHint) && call.Output.CanGetUnflushedBytes
                && call.Output.UnflushedBytes < MaxBufferedBytes)
            {
                return;
            }

            await FlushAsync(cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        using var linked = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
            : null;
        var result = await call.Output.FlushAsync(linked?.Token ?? call.CancellationToken);
        if (result.IsCompleted)
        {
            // The pipe is complete when the client reset the stream; the token says so a moment later.
            throw new RpcException(CallLifetime.ClientGoneReason.Status);
        }
    }

    private static async ValueTask WriteLaterAsync(HttpServerCallContext call, T? message, ValueTask started)
    {
        await started;
        Encode(call, message, call.WriteOptions);
    }

    private static void Encode(HttpServerCallContext call, T? message, WriteOptions? options)
    {
        if (message is null)
        {
            throw new InvalidOperationException($"{call.Method} gave null for a {typeof(T).Name}. Give a message, or throw an RpcException.");
        }

        var compress = call.ResponseGzip && (options is null || !options.Flags.HasFlag(WriteFlags.NoCompress));
        try
        {
            MessageCodec.Encode(call.Output, message, compress, call.Options.MaxSendMessageBytes);
        }
        catch (WireException exception)
        {
            throw RequestErrors.ResponseTooLarge(exception);
        }
    }
}
