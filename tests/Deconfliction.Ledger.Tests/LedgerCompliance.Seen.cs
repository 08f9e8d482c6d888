using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Tests;

/// <summary>Rule 2 within the database: what may not be seen is never read, so that no page is short or slow because of it.</summary>
public abstract partial class LedgerCompliance
{
    // The query and the rule must agree on each combination.
    [Fact]
    public async Task ListOverlaps_OnlySeen_ReadsExactlyWhatTheRuleShows()
    {
        var views = await MeetInEveryWayAsync();
        foreach (var agency in (AgencyId[])[Facts.Alpha, Facts.Beta])
        {
            var expected = views.Where(view => IsSeen(view, agency)).Select(view => view.Overlap.Id).Order().ToList();
            var query = new OverlapQuery(agency, After: null, 7, OnlySeen: true);
            var pages = await PagesAsync(
                after => Ledger.ListOverlapsAsync(query with { After = after }, None), found => found.View.Overlap.Id);

            Assert.InRange(expected.Count, 1, views.Count - 1);
            Assert.Equal(expected, pages.SelectMany(page => page).Select(found => found.View.Overlap.Id));
            Assert.All(pages.SkipLast(1), page => Assert.Equal(7, page.Count));

            // The same claim by claim, which is read in groups.
            var ofClaims = await Task.WhenAll(views.Select(view => Ledger.ListOverlapsAsync(
                query with { OwnClaim = view.OwnOf(agency)!.Id }, None)));
            Assert.Equal(expected, ofClaims.SelectMany(found => found).Select(found => found.View.Overlap.Id).Order());
        }

        static bool IsSeen(OverlapView view, AgencyId agency)
        {
            var own = view.OwnOf(agency)!;
            var other = view.OtherOf(own);
            return VisibilityRule.Of(other, view.Overlap.SideOf(other.Id), own) != Visibility.None;
        }
    }

    // Whoever changes what a claim discloses tells those who see more by it, and reads no others.
    [Fact]
    public async Task ListOverlaps_SeenMore_ReadsExactlyThoseInWhichAChangeShowsMore()
    {
        var views = await MeetInEveryWayAsync();
        foreach (var agency in (AgencyId[])[Facts.Alpha, Facts.Beta])
        {
            foreach (var disclosure in Enum.GetValues<Disclosure>())
            {
                var expected = views.Where(view => ShowsMore(view, agency, disclosure)).Select(view => view.Overlap.Id).Order().ToList();

                var found = await Ledger.ListOverlapsAsync(
                    new OverlapQuery(agency, After: null, 1_000, SeenMoreAs: disclosure), None);
                var view = views.First(view => ShowsMore(view, agency, disclosure));
                var ofClaim = await Ledger.ListOverlapsAsync(
                    new OverlapQuery(agency, After: null, 1_000, view.OwnOf(agency)!.Id, SeenMoreAs: disclosure), None);
                var hidden = await Ledger.ListOverlapsAsync(
                    new OverlapQuery(
                        agency, After: null, 1_000, views.First(view => !ShowsMore(view, agency, disclosure)).OwnOf(agency)!.Id,
                        SeenMoreAs: disclosure),
                    None);

                Assert.InRange(expected.Count, 1, views.Count - 1);
                Assert.Equal(expected, found.Select(one => one.View.Overlap.Id));
                Assert.Equal([view.Overlap.Id], ofClaim.Select(one => one.View.Overlap.Id));
                Assert.Empty(hidden);
            }
        }

        static bool ShowsMore(OverlapView view, AgencyId agency, Disclosure disclosure)
        {
            var own = view.OwnOf(agency)!;
            var other = view.OtherOf(own);
            var (mine, theirs) = (view.Overlap.SideOf(own.Id), view.Overlap.SideOf(other.Id));
            var changed = own with { Disclosure = disclosure };
            return VisibilityRule.Of(changed, mine, other) > VisibilityRule.Of(own, mine, other)
                || VisibilityRule.Of(other, theirs, changed) > VisibilityRule.Of(other, theirs, own);
        }
    }

    // 2,000 that must not be noticed lie before, between and behind the few that are seen.
    [Fact]
    public async Task ListOverlaps_OnlySeen_WithManyHiddenBetween_ReadsNoRowMore()
    {
        var seen = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            await HideAsync(400);
            seen.Add((await MeetAsync(AgencyRole.Hotline, Disclosure.Open, Disclosure.Open)).Overlap.Id);
        }

        await HideAsync(400);
        var query = new OverlapQuery(Facts.Beta, After: null, 2, OnlySeen: true);

        var pages = await PagesAsync(
            after => Ledger.ListOverlapsAsync(query with { After = after }, None), found => found.View.Overlap.Id);

        Assert.Equal([2, 2, 1], pages.Select(page => page.Count));
        Assert.Equal(seen, pages.SelectMany(page => page).Select(found => found.View.Overlap.Id));
    }

    // Every combination of what rule 2 looks at, on either side.
    private async Task<List<OverlapView>> MeetInEveryWayAsync()
    {
        var views = new List<OverlapView>();
        foreach (var role in Enum.GetValues<AgencyRole>().Where(static role => role.MayClaim()))
        {
            foreach (var there in Enum.GetValues<Disclosure>())
            {
                foreach (var came in Enum.GetValues<Disclosure>())
                {
                    for (var marks = 0; marks < 8; marks++)
                    {
                        var marked = (marks & 4) == 0 ? Facts.Alpha : Facts.Beta;
                        views.Add(await MeetAsync(role, there, came, marked, raised: (marks & 1) != 0, contactGiven: (marks & 2) != 0));
                    }
                }
            }
        }

        return views;
    }

    // One identifier holds them: they are many overlaps of one claim, written in one append.
    private async Task HideAsync(int count)
    {
        var tag = Facts.NewTag();
        var mine = Facts.Claim(Facts.Beta, Ledger.Now);
        var others = Enumerable.Range(0, count)
            .Select(_ => Facts.Claim(Facts.Alpha, Ledger.Now) with { Disclosure = Disclosure.Silent }).ToList();
        await ChangeAsync(tag, Facts.Draft(Facts.Beta), [
            new IdentifierEvent.ClaimMade(mine),
            .. others.Select(static other => new IdentifierEvent.ClaimMade(other)),
            .. others.Select(other => new IdentifierEvent.OverlapFound(Facts.Overlap(other, mine, Ledger.Now))),
        ]);
    }

    private async Task<OverlapView> MeetAsync(
        AgencyRole role, Disclosure there, Disclosure came, AgencyId marked = default, bool raised = false, bool contactGiven = false)
    {
        var tag = Facts.NewTag();
        var a = Facts.Claim(Facts.Alpha, Ledger.Now) with { Role = role, Disclosure = there };
        var b = Facts.Claim(Facts.Beta, Ledger.Now) with { Role = Opposite(role), Disclosure = came };
        var found = Facts.Overlap(a, b, Ledger.Now);
        var overlap = found with { A = Marked(found.A), B = Marked(found.B) };
        await ChangeAsync(
            tag,
            Facts.Draft(Facts.Beta),
            new IdentifierEvent.ClaimMade(a),
            new IdentifierEvent.ClaimMade(b),
            new IdentifierEvent.OverlapFound(overlap));
        return new OverlapView(overlap, a, b);

        // Neither marks nor roles are the same on both sides: a query that mixed the sides up must not pass.
        OverlapSide Marked(OverlapSide side) => side.Agency == marked ? side with { Raised = raised, ContactGiven = contactGiven } : side;
    }

    private static AgencyRole Opposite(AgencyRole role) => role switch
    {
        AgencyRole.Hotline => AgencyRole.LawEnforcement,
        AgencyRole.Industry => AgencyRole.InternationalBody,
        AgencyRole.LawEnforcement => AgencyRole.Hotline,
        _ => AgencyRole.Industry,
    };
}
