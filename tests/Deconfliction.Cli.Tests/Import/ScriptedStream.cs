using System.Threading.Channels;
using Deconfliction.Client;
using Deconfliction.Client.Import;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Tests.Import;

/// <summary>An import call whose server side is a function: from a request, and the number of items so far, to a response.</summary>
internal sealed class ScriptedStream(Func<ImportClaimsRequest, ImportClaimsResponse?> answer) : IImportStream
{
    private readonly Channel<ImportClaimsResponse> _answers = Channel.CreateUnbounded<ImportClaimsResponse>();

    public List<ImportItem> Received { get; } = [];

    public static GridException Broken(string status = "UNAVAILABLE", string reason = "") => new(new GridError(status, reason, "The connection broke."));

    public static ImportClaimsResponse AcceptAll(ImportClaimsRequest request) => new()
    {
        Results = { request.Items.Select(item => new ImportResult { Position = item.Position, Line = item.Line, Accepted = new ImportedClaim() }) },
    };

    public Task WriteAsync(ImportClaimsRequest request, CancellationToken cancellationToken)
    {
        // Copies: what was sent must not change when the item does.
        Received.AddRange(request.Items.Select(item => item.Clone()));
        try
        {
            if (answer(request) is { } response)
            {
                // After the end nobody reads it, as on the wire.
                _answers.Writer.TryWrite(response);
            }
        }
        catch (GridException problem)
        {
            _answers.Writer.TryComplete(problem);
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends the answers with OK.</summary>
    public void End() => _answers.Writer.TryComplete();

    public Task CompleteAsync()
    {
        End();
        return Task.CompletedTask;
    }

    public async Task<ImportClaimsResponse?> ReadAsync(CancellationToken cancellationToken) =>
        await _answers.Reader.WaitToReadAsync(cancellationToken) && _answers.Reader.TryRead(out var response) ? response : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
