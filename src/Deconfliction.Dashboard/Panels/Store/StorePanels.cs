using Deconfliction.Dashboard.Invariants;
using Deconfliction.Dashboard.Text;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Dashboard.Panels.Store;

/// <summary>How much is in the store.</summary>
internal sealed class SizePanel(ILedger ledger, TimeProvider time) : IPanel
{
    private readonly Lock _gate = new();
    private (DateTimeOffset At, long Bytes)? _first;

    public string Id => "size";

    // It counts rows.
    public TimeSpan Keep => TimeSpan.FromSeconds(30);

    public async Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        var now = time.GetUtcNow();
        var figures = await ledger.ReadStatisticsAsync(context.CancellationToken);
        var tiles = new TilesBlock(
        [
            new(words["tile.size"], words.Bytes(figures.Bytes), Growth(now, figures.Bytes, words)),
            new(words["tile.live"], words.Count(figures.LiveClaims), words.Say("tile.ended", words.Count(figures.EndedClaims))),
            new(words["tile.identifiers"], words.Count(figures.Identifiers)),
            new(words["tile.alloverlaps"], words.Count(figures.Overlaps), words["tile.alloverlaps.note"]),
            new(words["tile.alerts"], words.Count(figures.Alerts)),
            new(words["tile.audit"], words.Count(figures.AuditEntries)),
        ]);
        return new PanelContent(now, [tiles]);
    }

    // Since the pages were first looked at: the store keeps no history of its own size.
    private string Growth(DateTimeOffset now, long bytes, Text.Language words)
    {
        lock (_gate)
        {
            _first ??= (now, bytes);
            var (since, before) = _first.Value;
            return now - since < TimeSpan.FromMinutes(1)
                ? words["tile.growth.later"]
                : words.Say("tile.growth", words.Bytes(Math.Max(0, bytes - before) / (now - since).TotalHours), words.Clock(since));
        }
    }
}

/// <summary>Migrations, chains, and how far back what is kept goes.</summary>
internal sealed class ShapePanel(ILedgerInsight ledger, TimeProvider time) : IPanel
{
    public string Id => "shape";

    public TimeSpan Keep => TimeSpan.FromSeconds(30);

    public async Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        var shape = await ledger.ReadShapeAsync(context.CancellationToken);
        var oldest = new TilesBlock(
        [
            new(words["tile.oldestended"], shape.OldestEnded is { } ended ? words.Time(ended) : "–", words["tile.oldestended.note"]),
            new(words["tile.oldestaudit"], shape.OldestAudit is { } audit ? words.Time(audit) : "–", words["tile.oldestaudit.note"]),
        ]);
        var chains = new TableBlock(
            [new(words["column.chain"]), new(words["column.since"]), new(words["column.holder"]), new(words["column.entries"], true), new(words["column.head"])],
            [
                .. shape.Chains.Select(chain => (IReadOnlyList<Cell>)
                [
                    new Cell(words.Count(chain.Writer)) { Number = chain.Writer },
                    new Cell(words.Time(chain.OpenedAt)) { Time = chain.OpenedAt },
                    new Cell(chain.Holder),
                    new Cell(words.Count(chain.Entries)) { Number = chain.Entries },
                    new Cell($"{words.Count(chain.Number)} · {Convert.ToHexStringLower(chain.Hash.Span[..8])}") { IsCode = true },
                ]),
            ],
            words["empty.chains"]) { Caption = words["caption.chains"] };
        var migrations = new TableBlock(
            [new(words["column.migration"]), new(words["column.name"]), new(words["column.applied"])],
            [
                .. shape.Migrations.Select(step => (IReadOnlyList<Cell>)
                [
                    new Cell(words.Count(step.Number)) { Number = step.Number }, new Cell(step.Name) { IsCode = true },
                    new Cell(words.Time(step.At)) { Time = step.At },
                ]),
            ],
            "–") { Caption = words["caption.migrations"] };
        return new PanelContent(time.GetUtcNow(), [oldest, chains, migrations]);
    }
}

/// <summary>Whether what must always hold held when it was last looked at.</summary>
internal sealed class InvariantsPanel(InvariantMonitor monitor, TimeProvider time) : IPanel
{
    public string Id => "invariants";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        if (monitor.Last is not { } last)
        {
            return Task.FromResult(new PanelContent(time.GetUtcNow(), [new NoteBlock(words["invariant.waiting"])]));
        }

        var table = new TableBlock(
            [new(words["column.invariant"]), new(words["column.result"]), new(words["column.looked"]), new(words["column.found2"])],
            [.. last.Results.Select(result => (IReadOnlyList<Cell>)
            [
                new Cell(words.Known("invariant", result.Invariant)),
                Verdict(words, result),
                new Cell(words.Say($"invariant.{result.Invariant}.looked", words.Count(result.Looked))) { Number = result.Looked },
                new Cell(result.Finding.Length == 0 ? "–" : result.Finding),
            ])],
            "–");
        return Task.FromResult(new PanelContent(last.At, [table, new NoteBlock(words["note.invariants"])]));
    }

    // Where there was nothing to look at, nothing is said to hold.
    private static Cell Verdict(Language words, InvariantResult result) => (result.Holds, result.Looked) switch
    {
        (false, _) => new Cell(words["invariant.broken"]) { Tone = Tone.Bad },
        (true, 0) => new Cell(words["invariant.nothing"]),
        _ => new Cell(words["invariant.holds"]) { Tone = Tone.Good },
    };
}
