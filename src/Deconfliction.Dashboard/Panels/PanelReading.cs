using System.Collections.Concurrent;
using Deconfliction.Ledger;

namespace Deconfliction.Dashboard.Panels;

/// <summary>
/// Reads panels for all viewers: what one has read the next is shown too, as long as it may stand; and where the database does not
/// answer, the last content stays, and says how old it is.
/// </summary>
internal sealed class PanelReading(TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);
    private readonly ConcurrentDictionary<(string Panel, string Language), PanelContent> _last = new();

    /// <summary>The panel's content.</summary>
    public async Task<PanelContent> ReadAsync(IPanel panel, PanelContext context)
    {
        var key = (panel.Id, context.Words.Code);
        if (panel.Keep > TimeSpan.Zero && _last.TryGetValue(key, out var kept) && kept.Problem.Length == 0
            && time.GetUtcNow() - kept.AsOf < panel.Keep)
        {
            return kept;
        }

        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.CancellationToken);
        try
        {
            var content = await panel.ReadAsync(context with { CancellationToken = either.Token });
            _last[key] = content;
            return content;
        }
        catch (Exception problem) when (!context.CancellationToken.IsCancellationRequested
            && problem is LedgerUnavailableException or LedgerOverloadedException or OutcomeUnknownException or OperationCanceledException)
        {
            var words = context.Words["stale.database"];
            return _last.TryGetValue(key, out var last)
                ? last with { Problem = words }
                : new PanelContent(time.GetUtcNow(), [new NoteBlock(context.Words["nothing.read"])], words);
        }
    }
}
