using Deconfliction.Rpc.Client;

namespace Deconfliction.Rpc.Tests.Client;

/// <summary>
/// A connection that ends before the server's first word, as HTTP/2 finds it: reading and writing go on beside each other, the first to
/// see the end closes the stream, and the other finds it closed.
/// </summary>
public sealed class FirstWordStreamTests
{
    [Fact]
    public async Task Write_OnAStreamThatWasClosedByTheEndOfReading_SaysThatTheServerEndedIt()
    {
        await using var stream = new FirstWordStream(new Line());
        await Assert.ThrowsAsync<EndedAfterHandshakeException>(() => ReadAsync(stream));
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<EndedAfterHandshakeException>(async () => await stream.WriteAsync(new byte[1]));
    }

    [Fact]
    public async Task Read_OnAStreamThatWasClosedByAFailedWrite_SaysThatTheServerEndedIt()
    {
        await using var stream = new FirstWordStream(new Line { IsBroken = true });
        await Assert.ThrowsAsync<EndedAfterHandshakeException>(async () => await stream.WriteAsync(new byte[1]));
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<EndedAfterHandshakeException>(() => ReadAsync(stream));
    }

    [Fact]
    public async Task Wait_OnAConnectionThatIsReset_SaysThatTheServerEndedIt()
    {
        await using var stream = new FirstWordStream(new Line { IsReset = true });
        await Assert.ThrowsAsync<EndedAfterHandshakeException>(() => WaitAsync(stream));
    }

    [Fact]
    public async Task Wait_ThatEnds_IsNoEndYet_AndTheReadAfterItIs()
    {
        await using var stream = new FirstWordStream(new Line());
        Assert.Equal(0, await WaitAsync(stream));
        await Assert.ThrowsAsync<EndedAfterHandshakeException>(() => ReadAsync(stream));
    }

    [Fact]
    public async Task End_IsToldToTheCallThatTheConnectionWasMadeFor()
    {
        using var call = SingleContent.Of(default);
        await using var stream = new FirstWordStream(new Line(), call);
        var end = await Assert.ThrowsAsync<EndedAfterHandshakeException>(() => ReadAsync(stream));
        Assert.Same(end, call.ConnectionEnd);
    }

    [Fact]
    public async Task ReadAndWrite_OnAStreamThatThisSideClosed_DoNotBlameTheServer()
    {
        await using var stream = new FirstWordStream(new Line());
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.WriteAsync(new byte[1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(stream));
    }

    // As HTTP/2 does before it lends a buffer.
    private static async Task<int> WaitAsync(FirstWordStream stream) => await stream.ReadAsync(Memory<byte>.Empty);

    private static async Task<int> ReadAsync(FirstWordStream stream) => await stream.ReadAsync(new byte[1].AsMemory());

    /// <summary>Reads the end at once; once disposed, it is so for reading and writing, as an SslStream is.</summary>
    private sealed class Line : MemoryStream
    {
        public bool IsBroken { get; init; }

        public bool IsReset { get; init; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            IsReset ? throw new IOException("Connection reset by peer.") : CanRead ? ValueTask.FromResult(0) : throw new ObjectDisposedException(nameof(Line));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            !CanRead ? throw new ObjectDisposedException(nameof(Line)) : IsBroken ? throw new IOException("Broken pipe.") : ValueTask.CompletedTask;
    }
}
