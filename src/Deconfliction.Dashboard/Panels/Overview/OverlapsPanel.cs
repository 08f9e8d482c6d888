using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Text;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Dashboard.Panels.Overview;

/// <summary>
/// The overlaps found last. Never whose they are: no agency, no reference, no case; the minute and not the second, and the two sides in
/// no order, so that they cannot be laid beside an agency's figures. Those with a SILENT side are not here.
/// </summary>
internal sealed class OverlapsPanel(ILedgerInsight ledger) : IPanel
{
    private const int Most = 12;

    public string Id => "overlaps";

    public async Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        var found = context.Grid.Nodes.SelectMany(node => node.Overlaps).OrderByDescending(overlap => overlap.FoundAt).Take(Most).ToList();
        var progress = found.Count == 0 ? []
            : (await ledger.ReadProgressAsync([.. found.Select(overlap => overlap.Id)], context.CancellationToken)).ToDictionary(one => one.Id);
        var table = new TableBlock(
            [new(words["column.found"]), new(words["column.kind"]), new(words["column.strength"]), new(words["column.timetoflag"], true), new(words["column.sides"])],
            [.. found.Where(overlap => progress.ContainsKey(overlap.Id)).Select(overlap => Row(overlap, progress[overlap.Id], words))],
            words["empty.overlaps"]);
        return new PanelContent(context.Grid.Now, [table]);
    }

    private static IReadOnlyList<Cell> Row(RecentOverlap overlap, OverlapProgress progress, Language words)
    {
        var minute = new DateTimeOffset(overlap.FoundAt.UtcTicks - (overlap.FoundAt.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var sides = progress.IsResolved
            ? words["side.resolved"]
            : progress.Lesser == progress.Greater ? words.Say("side.both", words[$"side.{progress.Lesser}"])
            : $"{words[$"side.{progress.Lesser}"]} · {words[$"side.{progress.Greater}"]}";
        return
        [
            new Cell(words.Minute(minute)) { Time = minute },
            new Cell(overlap.Kind ?? "–") { IsCode = overlap.Kind is not null },
            new Cell(words.Known("strength", overlap.Strength)),
            new Cell(words.Duration(overlap.TimeToFlag.TotalSeconds)) { Number = overlap.TimeToFlag.TotalSeconds },
            new Cell(sides) { Tone = progress.IsResolved || progress.Lesser >= SideProgress.InFeed ? Tone.Good : progress.Lesser == SideProgress.Waiting ? Tone.Warn : Tone.None },
        ];
    }
}
