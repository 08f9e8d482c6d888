using System.Runtime.CompilerServices;

namespace Deconfliction.Rpc;

/// <summary>The messages that the other side sends.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> read.</summary>
    T Current { get; }

    /// <summary>Reads the next message; false at the end. One reader at a time.</summary>
    /// <exception cref="RpcException">The call ended with another status than OK, or a message was malformed.</exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>The messages that this side sends. One writer at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the next messages are written; null for the call's own way.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Sends a message; completes when the other side's window and the buffers have room, not when it has arrived.</summary>
    Task WriteAsync(T message);

    /// <inheritdoc cref="WriteAsync(T)"/>
    Task WriteAsync(T message, CancellationToken cancellationToken);
}

/// <summary>The messages that a service sends.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

/// <summary>The messages that a client sends.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no more messages follow.</summary>
    Task CompleteAsync();
}

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>Sent at once, compressed where the call is.</summary>
    None = 0,

    /// <summary>More follows soon: the message may wait in the buffer for it (at most 32 KiB do).</summary>
    BufferHint = 1,

    /// <summary>Not compressed, even where the call is.</summary>
    NoCompress = 2,
}

/// <summary>How messages are written.</summary>
public sealed record WriteOptions(WriteFlags Flags = WriteFlags.None)
{
    /// <summary>At once, compressed where the call is.</summary>
    public static WriteOptions Default { get; } = new();

    /// <summary>More follows soon.</summary>
    public static WriteOptions Buffered { get; } = new(WriteFlags.BufferHint);
}

/// <summary>Reading streams with <c>await foreach</c>.</summary>
public static class AsyncStreamReading
{
    /// <summary>All messages that are still to come.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> reader,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (await reader.MoveNext(cancellationToken))
        {
            yield return reader.Current;
        }
    }
}
