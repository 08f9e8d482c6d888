using Deconfliction.Ledger.Insight;

namespace Deconfliction.Dashboard.Panels.Operations;

/// <summary>What operators and auditors did, from the audit record itself.</summary>
internal sealed class OperationsPanel(ILedgerInsight ledger, TimeProvider time) : IPanel
{
    private const int Most = 100;

    public string Id => "operations";

    public async Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        var entries = await ledger.ReadOperationsAsync(Most, context.CancellationToken);
        var table = new TableBlock(
            [new(words["column.when"]), new(words["column.who"]), new(words["column.what"]), new(words["column.result"]), new(words["column.entry"])],
            [
                .. entries.Select(entry => (IReadOnlyList<Cell>)
                [
                    new Cell(words.Time(entry.At)) { Time = entry.At },
                    new Cell(entry.Draft.RequestedBy.Length > 0 ? $"{entry.Draft.RequestedBy} ({entry.Draft.Agency.Value})" : entry.Draft.Agency.Value),
                    new Cell(words.Known("operation", entry.Draft.Operation.ToString())),
                    new Cell(entry.Draft.Result),
                    new Cell($"{entry.Writer}/{entry.Number}") { IsCode = true },
                ]),
            ],
            words["empty.operations"]);
        return new PanelContent(time.GetUtcNow(), [table]);
    }
}
