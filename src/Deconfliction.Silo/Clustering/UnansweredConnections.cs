using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// Ends a connection between silos on which nothing has come for some seconds although something was sent. Silos ask each other every
/// second whether they are there, so that a connection that works is never silent for so long. One whose cable was cut is: the kernel
/// would send what is lost again after ever longer pauses, of half a minute soon, and the connection would stand still for as long after
/// the cable is whole; a new one is made at once.
/// </summary>
internal static class UnansweredConnections
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>Watches each connection, beneath its TLS.</summary>
    public static void Configure(SiloConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ConfigureSiloInboundConnection(static connection => connection.Use(static next => context => RunAsync(next, context, TimeProvider.System)));
        options.ConfigureSiloOutboundConnection(static connection => connection.Use(static next => context => RunAsync(next, context, TimeProvider.System)));
    }

    internal static async Task RunAsync(ConnectionDelegate next, ConnectionContext context, TimeProvider time)
    {
        var silence = new Silence(time);
        context.Transport = new WatchedPipe(context.Transport, silence);
        await using var timer = time.CreateTimer(
            _ =>
            {
                if (silence.Lasts > s_patience)
                {
                    context.Abort(new ConnectionAbortedException($"The other silo has not answered for {s_patience.TotalSeconds:0} s."));
                }
            },
            state: null, s_period, s_period);
        await next(context);
    }

    /// <summary>How long nothing has come since something was sent. Thread-safe.</summary>
    internal sealed class Silence(TimeProvider time)
    {
        private const long None = 0;
        private long _since = None;

        /// <summary>Nothing where all that was sent was followed by something.</summary>
        public TimeSpan Lasts => Volatile.Read(ref _since) is var since and not None ? time.GetElapsedTime(since) : TimeSpan.Zero;

        /// <summary>Something was sent.</summary>
        public void Sent()
        {
            if (Volatile.Read(ref _since) == None)
            {
                Interlocked.CompareExchange(ref _since, Math.Max(1, time.GetTimestamp()), None);
            }
        }

        /// <summary>Something has come.</summary>
        public void Came() => Volatile.Write(ref _since, None);
    }

    private sealed class WatchedPipe(IDuplexPipe inner, Silence silence) : IDuplexPipe
    {
        public PipeReader Input { get; } = new Reader(inner.Input, silence);

        public PipeWriter Output { get; } = new Writer(inner.Output, silence);
    }

    private sealed class Reader(PipeReader inner, Silence silence) : PipeReader
    {
        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await inner.ReadAsync(cancellationToken);
            silence.Came();
            return result;
        }

        public override bool TryRead(out ReadResult result)
        {
            var isThere = inner.TryRead(out result);
            if (isThere)
            {
                silence.Came();
            }

            return isThere;
        }
    }

    private sealed class Writer(PipeWriter inner, Silence silence) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            silence.Sent();
            return inner.FlushAsync(cancellationToken);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            silence.Sent();
            return inner.WriteAsync(source, cancellationToken);
        }
    }
}
