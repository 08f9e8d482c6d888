using System.Buffers;
using System.IO.Pipelines;
using Deconfliction.Rpc.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Deconfliction.Rpc.Server;

/// <summary>Reads messages out of a request's body: one for unary methods, many for streams.</summary>
internal sealed class RequestReader<T>(HttpServerCallContext call, MessageParser<T> parser) : IAsyncStreamReader<T>
    where T : class, IMessage<T>
{
    private static readonly Task<bool> s_true = Task.FromResult(true);
    private T? _current;
    private int _reading;
    private bool _ended;

    public T Current => _current ?? throw new InvalidOperationException("There is no message. Call MoveNext first and see that it returns true.");

    /// <summary>The one request of a method that takes one, read to the end of the stream.</summary>
    public static async ValueTask<T> ReadSingleAsync(HttpServerCallContext call, MessageParser<T> parser)
    {
        T? request = null;
        try
        {
            while (true)
            {
                // The call's token is made only where there is something to wait for.
                if (!call.Input.TryRead(out var result))
                {
                    result = await call.Input.ReadAsync(call.CancellationToken);
                }

                var buffer = result.Buffer;
                if (TryDecode(call, parser, ref buffer, out var message))
                {
                    if (request is not null || !buffer.IsEmpty)
                    {
                        call.Input.AdvanceTo(buffer.Start);
                        throw RequestErrors.SecondRequest();
                    }

                    request = message;
                }

                if (result.IsCompleted)
                {
                    ThrowIfTruncated(call, buffer);
                    call.Input.AdvanceTo(buffer.End);
                    return request ?? throw RequestErrors.NoRequest();
                }

                call.Input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (IOException cause) when (IsOfClientGone(call, cause))
        {
            throw ClientGone(cause);
        }
    }

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("A read of this stream is under way. Await it before the next.");
        }

        if (!_ended && !cancellationToken.IsCancellationRequested && call.Lifetime.Reason is null)
        {
            try
            {
                if (call.Input.TryRead(out var result) && TryTake(result, out var next))
                {
                    Volatile.Write(ref _reading, 0);
                    return next ? s_true : Task.FromResult(false);
                }
            }
            catch (RpcException exception)
            {
                Volatile.Write(ref _reading, 0);
                return Task.FromException<bool>(exception);
            }
            catch (IOException)
            {
                // The next read fails alike, and says what it means.
            }
        }

        return MoveNextSlowAsync(cancellationToken);
    }

    private async Task<bool> MoveNextSlowAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var linked = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
                : null;
            var token = linked?.Token ?? call.CancellationToken;
            token.ThrowIfCancellationRequested();
            while (!_ended)
            {
                if (TryTake(await call.Input.ReadAsync(token), out var next))
                {
                    return next;
                }
            }

            return false;
        }
        catch (IOException cause) when (IsOfClientGone(call, cause))
        {
            throw ClientGone(cause);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>Whether a read failed because the client reset the call or its connection broke: no fault of this side's.</summary>
    private static bool IsOfClientGone(HttpServerCallContext call, IOException cause) =>
        cause is not BadHttpRequestException && call.Lifetime.ClientGone;

    private static RpcException ClientGone(IOException cause) => new(CallLifetime.ClientGoneReason.Status, [], cause);

    /// <summary>True where the read says something: a message (<paramref name="next"/>), or the end.</summary>
    private bool TryTake(ReadResult result, out bool next)
    {
        var buffer = result.Buffer;
        next = TryDecode(call, parser, ref buffer, out _current);
        if (next)
        {
            call.Input.AdvanceTo(buffer.Start);
            return true;
        }

        if (result.IsCompleted)
        {
            ThrowIfTruncated(call, buffer);
            call.Input.AdvanceTo(buffer.End);
            _ended = true;
            return true;
        }

        call.Input.AdvanceTo(buffer.Start, buffer.End);
        return false;
    }

    private static bool TryDecode(HttpServerCallContext call, MessageParser<T> parser, ref ReadOnlySequence<byte> buffer, out T? message)
    {
        message = null;
        try
        {
            var limit = call.Options.MaxReceiveMessageBytes;
            switch (Frame.TryRead(ref buffer, limit, out var compressed, out var payload, out var bytes))
            {
                case FrameState.Incomplete:
                    return false;
                case FrameState.ReservedFlag:
                    throw WireException.ReservedFlag();
                case FrameState.TooLarge:
                    throw WireException.TooLarge(bytes, limit);
            }

            message = MessageCodec.Decode(parser, payload, compressed, call.RequestGzip, limit);
            call.LastCompressed = compressed;
            return true;
        }
        catch (WireException exception)
        {
            // A message that is whole but wrong is passed over, so that a stream can go on after it; a broken frame stays.
            call.Input.AdvanceTo(buffer.Start);
            throw RequestErrors.From(exception, typeof(T).Name);
        }
    }

    private static void ThrowIfTruncated(HttpServerCallContext call, in ReadOnlySequence<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            call.Input.AdvanceTo(rest.Start);
            throw RequestErrors.From(WireException.Truncated(rest.Length), typeof(T).Name);
        }
    }
}
