using System.Security.Cryptography;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Dashboard.Panels.Identifiers;

/// <summary>The name under which an identifier is shown for one day: keyed, so that nobody can try values against it.</summary>
internal sealed class Pseudonyms(byte[] key, TimeProvider time)
{
    private const string Alphabet = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";

    /// <summary>Its name today: eight letters and digits.</summary>
    public string Of(Tag tag)
    {
        Span<byte> message = stackalloc byte[Tag.Length + sizeof(int)];
        tag.CopyTo(message);
        BitConverter.TryWriteBytes(message[Tag.Length..], DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber);
        var hash = HMACSHA256.HashData(key, message);
        return string.Create(9, hash, static (name, bytes) =>
        {
            for (var i = 0; i < 9; i++)
            {
                name[i] = i == 4 ? '-' : Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }
}

/// <summary>The identifiers asked for most.</summary>
internal sealed class HotPanel : IPanel
{
    private const int Most = 20;

    public string Id => "hot";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var (grid, words) = (context.Grid, context.Words);
        var hot = grid.Nodes.SelectMany(node => node.Identifiers).GroupBy(one => one.Pseudonym, StringComparer.Ordinal)
            .Select(group => group.First() with { Count = group.Sum(one => one.Count) })
            .OrderByDescending(one => one.Count).Take(Most).ToList();
        var most = hot.Count > 0 ? hot[0].Count : 1;
        var table = new TableBlock(
            [new(words["column.pseudonym"]), new(words["column.kind"]), new(words["column.asked"], true), new(words["column.share"]), new(words["column.held"])],
            [
                .. hot.Select(one => (IReadOnlyList<Cell>)
                [
                    new Cell(one.Pseudonym) { IsCode = true },
                    new Cell(one.Kind) { IsCode = true },
                    new Cell(words.Count(one.Count)) { Number = one.Count },
                    new Cell("") { Share = (double)one.Count / most },
                    one.Hazard is { } hazard ? new Cell(words.Known("hazard", hazard)) { Tone = Tone.Warn } : new Cell("–"),
                ]),
            ],
            words["empty.hot"]);
        return Task.FromResult(new PanelContent(grid.Now, [table, new NoteBlock(words["note.hot"])]));
    }
}

/// <summary>Identifiers whose overlaps are held back: hazards by reason, and crowds.</summary>
internal sealed class HeldPanel(ILedgerInsight ledger, Pseudonyms pseudonyms, TimeProvider time) : IPanel
{
    private const int Most = 20;

    public string Id => "held";

    // Both are counted over the whole table.
    public TimeSpan Keep => TimeSpan.FromMinutes(1);

    public async Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        var census = await ledger.ReadHazardsAsync(Most, context.CancellationToken);
        var hazards = new TableBlock(
            [new(words["column.hazard"]), new(words["column.identifiers"], true)],
            [
                .. census.ByReason.Select(hazard => (IReadOnlyList<Cell>)
                    [new Cell(words.Known("hazard", hazard.Reason)), new Cell(words.Count(hazard.Count)) { Number = hazard.Count }]),
            ],
            words["empty.hazards"]) { Caption = words["caption.hazards"] };
        var crowds = new TableBlock(
            [new(words["column.pseudonym"]), new(words["column.why"])],
            [.. census.Crowds.Select(tag => (IReadOnlyList<Cell>)[new Cell(pseudonyms.Of(tag)) { IsCode = true }, new Cell(words["crowd.why"])])],
            words["empty.crowds"]) { Caption = words.Say("caption.crowds", words.Count(census.CrowdCount)) };
        return new PanelContent(time.GetUtcNow(), [hazards, crowds]);
    }
}
