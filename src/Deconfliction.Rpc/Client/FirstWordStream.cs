namespace Deconfliction.Rpc.Client;

/// <summary>
/// A new connection, above its TLS. Where it ends before the server's first word, however that shows (an end, an alert, a reset; in reading
/// or in writing), it says so; from the first word on it only passes on.
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="call">The body of the call that it is made for, which is told too.</param>
internal sealed class FirstWordStream(Stream inner, CallContent? call = null) : Stream
{
    private volatile bool _hasSpoken;
    private volatile bool _hasEnded;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _hasSpoken ? inner.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("HTTP/2 reads asynchronously.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _hasSpoken ? inner.WriteAsync(buffer, cancellationToken) : WriteEarlyAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception problem) when (IsEnd(problem))
        {
            throw Ended(problem);
        }

        // Reading nothing waits for what comes, and has not read it yet.
        if (count == 0 && !buffer.IsEmpty)
        {
            throw Ended(problem: null);
        }

        if (count > 0)
        {
            _hasSpoken = true;
        }

        return count;
    }

    private async ValueTask WriteEarlyAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception problem) when (!_hasSpoken && IsEnd(problem))
        {
            throw Ended(problem);
        }
    }

    // HTTP/2 closes the connection as soon as reading or writing shows its end; what is still under way the other way then finds it closed.
    private bool IsEnd(Exception problem) => problem is IOException || (problem is ObjectDisposedException && _hasEnded);

    private EndedAfterHandshakeException Ended(Exception? problem)
    {
        _hasEnded = true;
        var end = new EndedAfterHandshakeException(problem);
        if (call is not null)
        {
            call.ConnectionEnd ??= end;
        }

        return end;
    }
}
