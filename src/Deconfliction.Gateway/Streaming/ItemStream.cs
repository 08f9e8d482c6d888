using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Deconfliction.Gateway.Paging;
using Deconfliction.Rpc;
using Google.Protobuf;

namespace Deconfliction.Gateway.Streaming;

/// <summary>
/// A stream of independent items (rule 6): up to a bound are under way at once; answers leave in whatever order they come, as many
/// in a message as are there. A place is taken from reading an item until its answer is written, so that a client which does not
/// read is not read from either.
/// </summary>
internal sealed class ItemStream<TItem, TResult>(int window, int resultsPerMessage, Func<TItem, CancellationToken, Task<TResult>> answer)
    where TResult : IMessage
{
    private readonly SemaphoreSlim _places = new(window, window);

    // The places bound it: whoever writes has one.
    private readonly Channel<TResult> _results = Channel.CreateBounded<TResult>(new BoundedChannelOptions(window)
    {
        SingleReader = true,
        AllowSynchronousContinuations = false,
    });

    // Items under way, and one for the reading itself.
    private int _open = 1;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Runs until the client has sent everything and every item is answered.</summary>
    /// <param name="read">Reads messages, and gives each item to the function that it gets.</param>
    /// <param name="write">Writes one message of results.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(
        Func<Func<TItem, ValueTask>, Task> read, Func<IReadOnlyList<TResult>, Task> write, CancellationToken cancellationToken)
    {
        var writing = WriteAsync(write, cancellationToken);
        try
        {
            await read(item => StartAsync(item, cancellationToken));
        }
        catch (Exception exception)
        {
            // What was taken is answered before the stream ends with what is wrong.
            _failure ??= ExceptionDispatchInfo.Capture(exception);
        }

        Close();
        await writing;
        _failure?.Throw();
    }

    private async ValueTask StartAsync(TItem item, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        Interlocked.Increment(ref _open);
        _ = AnswerAsync(item, cancellationToken);
    }

    private async Task AnswerAsync(TItem item, CancellationToken cancellationToken)
    {
        try
        {
            _results.Writer.TryWrite(await answer(item, cancellationToken));
        }
        catch (Exception exception)
        {
            // Only the end of the whole call comes here; what is wrong with an item is its answer.
            _failure ??= ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            Close();
        }
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _results.Writer.Complete();
        }
    }

    private async Task WriteAsync(Func<IReadOnlyList<TResult>, Task> write, CancellationToken cancellationToken)
    {
        var batch = new List<TResult>(resultsPerMessage);
        while (await _results.Reader.WaitToReadAsync(cancellationToken))
        {
            var room = new MessageRoom();
            while (batch.Count < resultsPerMessage && _results.Reader.TryPeek(out var next) && room.Take(next) && _results.Reader.TryRead(out var result))
            {
                batch.Add(result);
            }

            await write(batch);
            _places.Release(batch.Count);
            batch.Clear();
        }
    }
}
