using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Import;

/// <summary>
/// One ImportClaims call: a sender and a receiver, each a single loop. Either one's failure stops the other. The call is
/// half-closed only when all is answered, since an answer may ask for an item to be sent again.
/// </summary>
internal sealed class ImportCall : IDisposable
{
    private const int Unavailable = 14;
    private const int ResourceExhausted = 8;
    private const int Aborted = 10;
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(5);

    private readonly IImportStream _stream;
    private readonly UnansweredItems _unanswered;
    private readonly Action<ImportItem, ImportResult> _answered;
    private readonly ImportProgress _progress;
    private readonly string _requestedBy;
    private readonly ImportOptions _options;
    private readonly CancellationTokenSource _silence;
    private readonly SemaphoreSlim _changed = new(0);
    private readonly TimeProvider _time;
    private GridError? _pushedBack;

    public ImportCall(
        IImportStream stream, UnansweredItems unanswered, Action<ImportItem, ImportResult> answered, ImportProgress progress,
        string requestedBy, ImportOptions options, TimeProvider time)
    {
        _stream = stream;
        _unanswered = unanswered;
        _answered = answered;
        _progress = progress;
        _requestedBy = requestedBy;
        _options = options;
        _time = time;
        _silence = new CancellationTokenSource(options.AnswerTimeout, time);
    }

    /// <summary>Runs the call to its end.</summary>
    /// <exception cref="GridException">The call broke, fell silent, or ended before all was answered.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
        var sending = SendAsync(both.Token);
        var receiving = ReceiveAsync(both.Token);
        try
        {
            await Task.WhenAny(sending, receiving);
            if (sending.IsFaulted && !receiving.IsCompleted && !WasRefusedHere(sending))
            {
                // A broken call refuses writes without saying why; its status comes to the reader.
                await Task.WhenAny(receiving, Task.Delay(StatusTimeout, _time, both.Token));
            }

            await (receiving.IsCompleted ? receiving : sending);
            await Task.WhenAll(sending, receiving);
        }
        catch (OperationCanceledException) when (_silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GridException(new GridError(
                "UNAVAILABLE", "NO_ANSWER", $"The server gave no answer for {_options.AnswerTimeout.TotalSeconds:0} s."));
        }
        finally
        {
            await both.CancelAsync();
            await Task.WhenAll(Quietly(sending), Quietly(receiving));
        }
    }

    public void Dispose()
    {
        _silence.Dispose();
        _changed.Dispose();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (!_unanswered.AllAnswered)
        {
            if (Interlocked.Exchange(ref _pushedBack, null) is { } error)
            {
                await WaitOutAsync(error, cancellationToken);
            }

            var request = new ImportClaimsRequest { RequestedBy = _requestedBy };
            _unanswered.Next(request.Items);
            if (request.Items.Count > 0)
            {
                await _stream.WriteAsync(request, cancellationToken);
            }
            else if (!_unanswered.AllAnswered)
            {
                await _changed.WaitAsync(cancellationToken);
            }
        }

        await _stream.CompleteAsync();
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _stream.ReadAsync(cancellationToken) is { } response)
        {
            _silence.CancelAfter(_options.AnswerTimeout);
            var settled = 0;
            foreach (var result in response.Results)
            {
                settled += Receive(result) ? 1 : 0;
            }

            if (settled > 0)
            {
                _progress.Answered(settled);
            }

            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }

        if (!_unanswered.AllAnswered)
        {
            throw new GridException(new GridError(
                "UNAVAILABLE", "ENDED_EARLY", $"The server ended the import with {_unanswered.Count} items unanswered."));
        }
    }

    private bool Receive(ImportResult result)
    {
        if (result.Rejected is { } error && error.Code is Unavailable or ResourceExhausted or Aborted)
        {
            // Shed, or its outcome unknown: not final. The same request_id brings the true answer.
            Volatile.Write(ref _pushedBack, new GridError(
                StatusCodeNames.Of(error.Code), error.Reason, error.Description, error.Field, error.Remedy,
                error.RetryAfterMs > 0 ? TimeSpan.FromMilliseconds(error.RetryAfterMs) : null));
            _unanswered.SendAgain(result.Position);
            return false;
        }

        // A second delivery of an answer (a call broke after the server had sent it) is not counted twice.
        if (_unanswered.Settle(result.Position) is not { } item)
        {
            return false;
        }

        _answered(item, result);
        return true;
    }

    private async Task WaitOutAsync(GridError error, CancellationToken cancellationToken)
    {
        if (_progress.SinceLastAnswer > _options.RetryFor)
        {
            throw new GridException(error);
        }

        var wait = error.RetryAfter ?? _options.FirstBackoff;
        await Task.Delay(wait < _options.LongestBackoff ? wait : _options.LongestBackoff, _time, cancellationToken);
    }

    private static bool WasRefusedHere(Task sending) => sending.Exception?.InnerException is GridException { Error.WasSent: false };

    /// <summary>Awaits a loop whose failure has been told already, or is the echo of the other one's.</summary>
    private static async Task Quietly(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception echo) when (echo is GridException or OperationCanceledException)
        {
            // Told by RunAsync.
        }
    }
}
