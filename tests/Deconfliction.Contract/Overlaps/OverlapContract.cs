using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Overlaps;

/// <summary>What the two sides of an overlap do, and what each sees of it, at its own node.</summary>
public abstract class OverlapContract(SharedGrid shared)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Overlap_ReadByBothSides_IsOneWithTwoFaces()
    {
        var (value, overlap) = await MeetAsync();
        var fromAlpha = await shared.Alpha.Client.Overlaps.GetAsync(overlap, None);
        var fromBravo = await shared.Bravo.Client.Overlaps.GetAsync(overlap, None);

        Assert.Equal((value, "A-1", "bravo", "B-1"), (fromAlpha.Identifier, fromAlpha.CaseReference, fromAlpha.OtherAgency, fromAlpha.OtherCase));
        Assert.Equal((value, "B-1", "alpha", "A-1"), (fromBravo.Identifier, fromBravo.CaseReference, fromBravo.OtherAgency, fromBravo.OtherCase));
        Assert.Equal(fromAlpha.FoundTime, fromBravo.FoundTime);
        Assert.Equal(fromAlpha, Assert.Single(await shared.Alpha.Elsewhere.Overlaps.ListAsync(new ListOverlapsRequest { Claim = fromAlpha.Claim }, None).ToListAsync()));
    }

    [Fact]
    public async Task Acknowledge_ByOneSide_IsSeenAndToldOnTheOther()
    {
        var (value, overlap) = await MeetAsync();
        var mine = await shared.Alpha.Elsewhere.Overlaps.AcknowledgeAsync(new AcknowledgeOverlapRequest { Overlap = overlap }, None);
        var theirs = await shared.Bravo.Client.Overlaps.GetAsync(overlap, None);

        Assert.Equal((OverlapState.Acknowledged, true, false), (mine.State, mine.AcknowledgedByMe, mine.AcknowledgedByOther));
        Assert.Equal((OverlapState.New, false, true), (theirs.State, theirs.AcknowledgedByMe, theirs.AcknowledgedByOther));
        Assert.Equal(overlap, (await Awaited.AlertAsync(shared.Bravo, AlertKind.OverlapAcknowledged, value)).Overlap.Overlap);
    }

    [Fact]
    public async Task Resolve_ByOneSide_HoldsForBoth_AndAnotherOutcomeIsRefused()
    {
        var (value, overlap) = await MeetAsync();
        await shared.Bravo.Elsewhere.Overlaps.ResolveAsync(new ResolveOverlapRequest { Overlap = overlap, Outcome = OverlapOutcome.Coordinated }, None);

        var seen = await shared.Alpha.Client.Overlaps.GetAsync(overlap, None);
        Assert.Equal((OverlapState.Resolved, OverlapOutcome.Coordinated), (seen.State, seen.Outcome));
        await Awaited.AlertAsync(shared.Alpha, AlertKind.OverlapResolved, value);
        var refused = await Assert.ThrowsAsync<GridException>(() => shared.Alpha.Client.Overlaps.ResolveAsync(
            new ResolveOverlapRequest { Overlap = overlap, Outcome = OverlapOutcome.FalseMatch }, None));
        Assert.Equal("ALREADY_RESOLVED", refused.Error.Reason);
    }

    [Fact]
    public async Task RequestContact_OfAMaskedSide_PutsTheAskerIntoItsFeed()
    {
        var (value, overlap) = await MeetAsync(Disclosure.Masked);
        Assert.Equal("", (await shared.Bravo.Client.Overlaps.GetAsync(overlap, None)).OtherAgency);
        await shared.Bravo.Elsewhere.Overlaps.RequestContactAsync(new RequestContactRequest { Overlap = overlap }, None);

        var alert = await Awaited.AlertAsync(shared.Alpha, AlertKind.ContactRequested, value);
        Assert.Equal(("bravo", "desk@bravo.example"), (alert.Counterpart.Agency, alert.Counterpart.Contact));
        Assert.Equal("", (await shared.Bravo.Client.Overlaps.GetAsync(overlap, None)).OtherAgency);
    }

    [Fact]
    public async Task Disclose_ByAMaskedSide_OpensThisOverlapAndTellsTheOther()
    {
        var (value, overlap) = await MeetAsync(Disclosure.Masked);
        await shared.Alpha.Elsewhere.Overlaps.DiscloseAsync(new DiscloseOverlapRequest { Overlap = overlap }, None);

        var seen = await shared.Bravo.Client.Overlaps.GetAsync(overlap, None);
        Assert.Equal((Visibility.Open, "alpha", "A-1"), (seen.Visibility, seen.OtherAgency, seen.OtherCase));
        Assert.Equal("alpha", (await Awaited.AlertAsync(shared.Bravo, AlertKind.Disclosed, value)).Overlap.OtherAgency);
    }

    [Fact]
    public async Task List_ByState_FollowsWhatThisSideDid()
    {
        var agency = await shared.Grid.AddMemberAsync(SharedGrid.Unused("lister"));
        var overlaps = new List<string>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var value = SharedGrid.UnusedMail();
            await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), None);
            overlaps.Add(Assert.Single((await agency.Client.Claims.CreateAsync(Requests.Claim(value, "L-1"), None)).Overlaps).Overlap);
        }

        await agency.Elsewhere.Overlaps.AcknowledgeAsync(new AcknowledgeOverlapRequest { Overlap = overlaps[1] }, None);
        await agency.Elsewhere.Overlaps.ResolveAsync(new ResolveOverlapRequest { Overlap = overlaps[2], Outcome = OverlapOutcome.NoConflict }, None);

        foreach (var (state, expected) in new[] { (OverlapState.New, overlaps[0]), (OverlapState.Acknowledged, overlaps[1]), (OverlapState.Resolved, overlaps[2]) })
        {
            var listed = await agency.Client.Overlaps.ListAsync(new ListOverlapsRequest { State = state }, None).ToListAsync();
            Assert.Equal(expected, Assert.Single(listed).Overlap);
        }
    }

    private async Task<(string Value, string Overlap)> MeetAsync(Disclosure alphas = Disclosure.Open)
    {
        var value = SharedGrid.UnusedMail();
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1", alphas), None);
        var met = await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), None);
        return (value, Assert.Single(met.Overlaps).Overlap);
    }
}
