using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Contract.Claims;

/// <summary>The life of a claim, whichever nodes its steps go through.</summary>
public abstract class ClaimContract(SharedGrid shared)
{
    [Fact]
    public async Task Create_NothingElseThere_IsLiveAndDisclosesNothing()
    {
        var value = SharedGrid.UnusedMail();
        var answer = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);

        Assert.Equal((ClaimState.Live, value, "A-1", "desk@alpha.example"), (answer.Claim.State, answer.Claim.Identifier, answer.Claim.CaseReference, answer.Claim.Contact));
        Assert.Equal((false, 0, DisclosureNotice.NothingToDisclose), (answer.Duplicate, answer.Overlaps.Count, answer.DisclosureNotice));
        Assert.Equal(TimeSpan.FromDays(180), answer.Claim.ExpireTime.ToDateTimeOffset() - answer.Claim.CreateTime.ToDateTimeOffset());
        Assert.Equal(answer.Claim, await shared.Alpha.Elsewhere.Claims.GetAsync(answer.Claim.Claim_, CancellationToken.None));
    }

    [Fact]
    public async Task Create_TheSameAgainAtEveryNode_IsThatClaimAsADuplicate()
    {
        var value = SharedGrid.UnusedMail();
        var first = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        foreach (var node in shared.Grid.Nodes)
        {
            var again = await shared.Alpha.At(node).Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
            Assert.True(again.Duplicate);
            Assert.Equal(first.Claim, again.Claim);
        }
    }

    [Fact]
    public async Task Create_InAnotherCase_IsNewAndToldOfItsOwnButNobodyElseIs()
    {
        var value = SharedGrid.UnusedMail();
        var first = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        var second = await shared.Alpha.Elsewhere.Claims.CreateAsync(Requests.Claim(value, "A-2"), CancellationToken.None);

        Assert.False(second.Duplicate);
        Assert.NotEqual(first.Claim.Claim_, second.Claim.Claim_);
        Assert.Equal(new OwnClaim { Claim = first.Claim.Claim_, CaseReference = "A-1" }, Assert.Single(second.OwnClaims));
        Assert.Empty(second.Overlaps);
    }

    [Fact]
    public async Task Create_OfTwoAgencies_TellsTheSecondAtOnceAndTheFirstByItsFeed()
    {
        var value = SharedGrid.UnusedMail();
        var first = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        var second = await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), CancellationToken.None);

        var pointer = Assert.Single(second.Overlaps);
        Assert.Equal(("alpha", "A-1", "desk@alpha.example"), (pointer.OtherAgency, pointer.OtherCase, pointer.OtherContact));
        var alert = await Awaited.AlertAsync(shared.Alpha, AlertKind.OverlapFound, value);
        Assert.Equal((pointer.Overlap, first.Claim.Claim_, "bravo", "B-1"), (alert.Overlap.Overlap, alert.Claim, alert.Overlap.OtherAgency, alert.Overlap.OtherCase));
    }

    [Fact]
    public async Task Update_WithTheEtagThatWasRead_ChangesAndMovesIt()
    {
        var made = await MakeAsync();
        var updated = await shared.Alpha.Elsewhere.Claims.UpdateAsync(
            new UpdateClaimRequest { Claim = made.Claim_, Etag = made.Etag, Contact = "night desk", Priority = Priority.Urgent }, CancellationToken.None);

        Assert.Equal(("night desk", Priority.Urgent, made.CaseReference), (updated.Contact, updated.Priority, updated.CaseReference));
        Assert.NotEqual(made.Etag, updated.Etag);
        Assert.Equal(updated, await shared.Alpha.Client.Claims.GetAsync(made.Claim_, CancellationToken.None));
    }

    [Fact]
    public async Task Update_WithAnOldEtag_IsAbortedAndChangesNothing()
    {
        var made = await MakeAsync();
        var updated = await shared.Alpha.Elsewhere.Claims.UpdateAsync(
            new UpdateClaimRequest { Claim = made.Claim_, Etag = made.Etag, Contact = "first" }, CancellationToken.None);

        // A client repeats what was aborted, so the refusal is looked for on the wire.
        Assert.Equal(
            (Rpc.StatusCode.Aborted, "ETAG_MISMATCH"),
            await shared.Alpha.Channel.RefusalAsync<UpdateClaimRequest, UpdateClaimResponse>(new UpdateClaimRequest
            {
                RequestId = Guid.NewGuid().ToString(), RequestedBy = Requests.Officer, Claim = made.Claim_, Etag = made.Etag, Contact = "second",
            }));
        Assert.Equal(updated, await shared.Alpha.Client.Claims.GetAsync(made.Claim_, CancellationToken.None));
    }

    [Fact]
    public async Task Update_OfDisclosure_HoldsForOverlapsThatWereFoundBefore()
    {
        var value = SharedGrid.UnusedMail();
        var masked = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1", Disclosure.Masked), CancellationToken.None);
        var met = await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), CancellationToken.None);
        var overlap = Assert.Single(met.Overlaps);
        Assert.Equal((Visibility.Masked, ""), (overlap.Visibility, overlap.OtherAgency));

        await shared.Alpha.Elsewhere.Claims.UpdateAsync(
            new UpdateClaimRequest { Claim = masked.Claim.Claim_, Disclosure = Disclosure.Open }, CancellationToken.None);

        var now = await shared.Bravo.Client.Overlaps.GetAsync(overlap.Overlap, CancellationToken.None);
        Assert.Equal((Visibility.Open, "alpha", "A-1"), (now.Visibility, now.OtherAgency, now.OtherCase));
    }

    [Fact]
    public async Task Renew_LiveClaim_MovesItsExpiry()
    {
        var made = await MakeAsync();
        var renewed = await shared.Alpha.Elsewhere.Claims.RenewAsync(
            new RenewClaimRequest { Claim = made.Claim_, Lifetime = Duration.FromTimeSpan(TimeSpan.FromDays(300)) }, CancellationToken.None);

        Assert.True(renewed.ExpireTime.ToDateTimeOffset() >= made.CreateTime.ToDateTimeOffset() + TimeSpan.FromDays(300));
        Assert.Equal(renewed, await shared.Alpha.Client.Claims.GetAsync(made.Claim_, CancellationToken.None));
    }

    [Fact]
    public async Task Release_ThenRenew_IsRefused_AndTheSameLineMakesANewClaim()
    {
        var value = SharedGrid.UnusedMail();
        var made = (await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None)).Claim;
        var released = await shared.Alpha.Elsewhere.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = made.Claim_ }, CancellationToken.None);
        var again = await shared.Alpha.Client.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = made.Claim_ }, CancellationToken.None);

        Assert.Equal(ClaimState.Released, released.State);
        Assert.Equal(released, again);
        var refused = await Assert.ThrowsAsync<GridException>(
            () => shared.Alpha.Client.Claims.RenewAsync(new RenewClaimRequest { Claim = made.Claim_ }, CancellationToken.None));
        Assert.Equal(("FAILED_PRECONDITION", "CLAIM_ENDED"), (refused.Error.Status, refused.Error.Reason));
        var anew = await shared.Alpha.Elsewhere.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        Assert.False(anew.Duplicate);
        Assert.NotEqual(made.Claim_, anew.Claim.Claim_);
    }

    [Fact]
    public async Task Release_EndsDetection()
    {
        var value = SharedGrid.UnusedMail();
        var made = (await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None)).Claim;
        await shared.Alpha.Client.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = made.Claim_ }, CancellationToken.None);

        Assert.Empty((await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), CancellationToken.None)).Overlaps);
    }

    [Fact]
    public async Task ReleaseCase_ManyClaimsOnManyIdentifiers_EndsThoseOfTheCaseOnly()
    {
        var reference = SharedGrid.Unused("case");
        var inCase = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => MakeAsync(reference)));
        var other = await MakeAsync();

        Assert.Equal(20, await shared.Alpha.Elsewhere.Claims.ReleaseCaseAsync(new ReleaseCaseRequest { CaseReference = reference }, CancellationToken.None));

        foreach (var claim in inCase)
        {
            Assert.Equal(ClaimState.Released, (await shared.Alpha.Client.Claims.GetAsync(claim.Claim_, CancellationToken.None)).State);
        }

        Assert.Equal(ClaimState.Live, (await shared.Alpha.Client.Claims.GetAsync(other.Claim_, CancellationToken.None)).State);
        Assert.Equal(0, await shared.Alpha.Client.Claims.ReleaseCaseAsync(new ReleaseCaseRequest { CaseReference = reference }, CancellationToken.None));
    }

    private async Task<Claim> MakeAsync(string reference = "A-1") =>
        (await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(SharedGrid.UnusedMail(), reference), CancellationToken.None)).Claim;
}
