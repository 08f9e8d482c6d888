using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Text;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Dashboard.Panels.Agencies;

/// <summary>
/// Each agency by itself. Its figures are coarse and stand for five minutes, and small ones are not told: followed closely, two
/// agencies' figures that move together would tell who met whom (ADR 0016).
/// </summary>
internal sealed class AgenciesPanel(ILedger ledger, TimeProvider time) : IPanel
{
    private static readonly TimeSpan s_certificateNotice = TimeSpan.FromDays(30);

    public string Id => "agencies";

    public TimeSpan Keep => TimeSpan.FromMinutes(5);

    public async Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        var now = time.GetUtcNow();
        var agencies = await ledger.ListAgenciesAsync(context.CancellationToken);
        var rows = new List<IReadOnlyList<Cell>>(agencies.Count);
        foreach (var agency in agencies)
        {
            var bounds = await ledger.ReadFeedBoundsAsync(agency.Id, context.CancellationToken);
            rows.Add(Row(agency, bounds, Activity(context.Grid, agency.Id.Value), Streams(context.Grid, agency.Id.Value, words), now, words));
        }

        var table = new TableBlock(
            [
                new(words["column.agency"]), new(words["column.role"]), new(words["column.state"]), new(words["column.calls"], true),
                new(words["column.claims"], true), new(words["column.checks"], true), new(words["column.hitratio"], true),
                new(words["column.budget"], true), new(words["column.backlog"], true), new(words["column.oldest"]), new(words["column.streams"], true), new(words["column.certificate"]),
                new(words["column.lastseen"]),
            ],
            rows,
            words["empty.agencies"]);
        return new PanelContent(now, [table, new NoteBlock(words["note.agencies"])]);
    }

    private static AgencyActivity Activity(GridView grid, string agency)
    {
        var parts = grid.Nodes.SelectMany(node => node.Agencies).Where(one => one.Agency == agency).ToList();
        return new AgencyActivity(
            agency, parts.Sum(one => one.Calls), parts.Sum(one => one.Claims), parts.Sum(one => one.Checks), parts.Sum(one => one.Hits),
            parts.Sum(one => one.OpenStreams), parts.Max(one => one.LastSeen), parts.Select(one => one.BudgetUsed).DefaultIfEmpty().Max());
    }

    // How many, and on a cluster at which nodes.
    private static Cell Streams(GridView grid, string agency, Language words)
    {
        var open = grid.Nodes.Where(node => node.State is NodeState.Active or NodeState.NotReady or NodeState.Draining)
            .Select(node => (node.Name, Count: node.Agencies.Where(one => one.Agency == agency).Sum(one => one.OpenStreams)))
            .Where(node => node.Count > 0).ToList();
        var all = open.Sum(node => node.Count);
        return grid.Nodes.Count == 1 || all == 0
            ? new Cell(words.Count(all)) { Number = all }
            : new Cell(string.Join(", ", open.Select(node => $"{node.Name}: {words.Count(node.Count)}")));
    }

    private static IReadOnlyList<Cell> Row(
        AgencyRecord agency, FeedBounds bounds, AgencyActivity activity, Cell streams, DateTimeOffset now, Language words)
    {
        var certificate = agency.Certificates.Where(one => !one.IsRevoked).Select(one => (DateTimeOffset?)one.NotAfter).Max();
        return
        [
            new Cell(agency.Name == agency.Id.Value ? agency.Name : $"{agency.Name} ({agency.Id.Value})"),
            new Cell(words.Known("role", agency.Role.ToString())),
            new Cell(agency.IsRevoked ? words["agency.revoked"] : words["agency.active"]) { Tone = agency.IsRevoked ? Tone.Bad : Tone.Good },
            new Cell(Coarse.Count(activity.Calls, words)), new Cell(Coarse.Count(activity.Claims, words)), new Cell(Coarse.Count(activity.Checks, words)),
            new Cell(Coarse.Ratio(activity.Hits, activity.Checks, words)),
            new Cell(words.Percent(Math.Round(activity.BudgetUsed, 1))) { Tone = activity.BudgetUsed >= 0.9 ? Tone.Warn : Tone.None },
            new Cell(Coarse.Band(Math.Max(0, bounds.Head - bounds.Acknowledged), words)),
            Coarse.Age(bounds.OldestUnacknowledgedAt, now, words),
            streams,
            certificate is { } end
                ? new Cell(words.Time(end)[..10]) { Time = end, Tone = end < now ? Tone.Bad : end - now < s_certificateNotice ? Tone.Warn : Tone.None }
                : new Cell("–"),
            new Cell(activity.LastSeen is { } seen ? now - seen < TimeSpan.FromHours(1) ? words["seen.hour"] : words.Time(seen)[..13] + " h UTC" : words["seen.never"]),
        ];
    }
}
