using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Contract.Claims;

/// <summary>Rule 5: one request id has one effect and one answer, whichever node it is sent to.</summary>
public abstract class RequestIdContract(SharedGrid shared)
{
    private static readonly (StatusCode, string) Reused = (StatusCode.InvalidArgument, "REQUEST_ID_REUSED");

    [Fact]
    public async Task Claim_SameRequestAtEveryNode_GetsTheOriginalAnswer()
    {
        var value = SharedGrid.UnusedMail();
        await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), CancellationToken.None);
        var request = Requests.Claim(value, "A-1");
        var first = await shared.Alpha.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        Assert.Single(first.Overlaps);
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.Equal(first, await shared.Alpha.At(node).Claims.CreateAsync(request.Clone(), CancellationToken.None));
        }
    }

    [Fact]
    public async Task Claim_SameRequestAtAllNodesAtOnce_MakesOneClaim()
    {
        var before = await shared.Grid.CountAsync("claim");
        var request = Requests.Claim(SharedGrid.UnusedMail(), "A-1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            shared.Alpha.At(shared.Grid.Nodes[number % shared.Grid.Nodes.Count]).Claims.CreateAsync(request.Clone(), CancellationToken.None)));

        Assert.Single(answers.Select(answer => answer.Claim.Claim_).Distinct());
        Assert.All(answers, answer => Assert.False(answer.Duplicate));
        Assert.Equal(before + 1, await shared.Grid.CountAsync("claim"));
    }

    [Fact]
    public async Task Claim_AndItsImport_AreOneRequest()
    {
        var request = Requests.Claim(SharedGrid.UnusedMail(), "A-1");
        var first = await shared.Alpha.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        var imported = Assert.Single(await shared.Alpha.ChannelAt(shared.Alpha.Others[0]).ImportAsync(request));
        Assert.Equal(first.Claim.Claim_, imported.Accepted.Claim);
    }

    [Fact]
    public async Task Check_SameRequestElsewhere_IsRecordedAndToldOnce()
    {
        var value = SharedGrid.UnusedMail();
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        var request = Requests.Check(value);
        var first = await shared.Bravo.Client.Checks.CheckAsync(request.Clone(), CancellationToken.None);
        var again = await shared.Bravo.Elsewhere.Checks.CheckAsync(request.Clone(), CancellationToken.None);

        Assert.Equal(first.Hits, again.Hits);
        await Awaited.AlertAsync(shared.Alpha, AlertKind.ClaimChecked, value);
        var entries = await shared.Auditor.Client.Audit.ListAsync(new ListAuditEntriesRequest { Agency = "bravo" }, CancellationToken.None).ToListAsync();
        Assert.Single(entries, entry => entry.RequestId == request.RequestId);
    }

    [Fact]
    public async Task UpdateRenewRelease_SameRequestElsewhere_ChangeNothingMore()
    {
        var none = CancellationToken.None;
        var made = (await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(SharedGrid.UnusedMail(), "A-1"), none)).Claim.Claim_;
        var update = new UpdateClaimRequest { RequestId = Guid.NewGuid().ToString(), Claim = made, Contact = "first" };
        var updated = await shared.Alpha.Client.Claims.UpdateAsync(update.Clone(), none);
        Assert.Equal(updated, await shared.Alpha.Elsewhere.Claims.UpdateAsync(update.Clone(), none));
        var renewal = new RenewClaimRequest { RequestId = Guid.NewGuid().ToString(), Claim = made };
        var renewed = await shared.Alpha.Client.Claims.RenewAsync(renewal.Clone(), none);
        Assert.Equal(renewed, await shared.Alpha.Elsewhere.Claims.RenewAsync(renewal.Clone(), none));
        var release = new ReleaseClaimRequest { RequestId = Guid.NewGuid().ToString(), Claim = made };
        var released = await shared.Alpha.Client.Claims.ReleaseAsync(release.Clone(), none);
        Assert.Equal(released, await shared.Alpha.Elsewhere.Claims.ReleaseAsync(release.Clone(), none));
    }

    [Fact]
    public async Task SameId_WithAnotherPayloadOfficerOrOperation_IsRefusedByEveryNode()
    {
        var request = Requests.Claim(SharedGrid.UnusedMail(), "A-1");
        var made = await shared.Alpha.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        var otherPayload = request.Clone();
        otherPayload.Claim.Purpose = "another";
        var otherOfficer = request.Clone();
        otherOfficer.RequestedBy = "somebody else";
        var otherOperation = new ReleaseClaimRequest { RequestId = request.RequestId, RequestedBy = request.RequestedBy, Claim = made.Claim.Claim_ };
        foreach (var channel in shared.Grid.Nodes.Select(node => shared.Alpha.ChannelAt(node.Url)))
        {
            Assert.Equal(Reused, await channel.RefusalAsync<CreateClaimRequest, CreateClaimResponse>(otherPayload));
            Assert.Equal(Reused, await channel.RefusalAsync<CreateClaimRequest, CreateClaimResponse>(otherOfficer));
            Assert.Equal(Reused, await channel.RefusalAsync<ReleaseClaimRequest, ReleaseClaimResponse>(otherOperation));
        }
    }

    [Fact]
    public async Task SameId_OfAnotherAgency_IsAnotherRequest()
    {
        var request = Requests.Claim(SharedGrid.UnusedMail(), "A-1");
        var alphas = await shared.Alpha.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        var bravos = await shared.Bravo.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        Assert.NotEqual(alphas.Claim.Claim_, bravos.Claim.Claim_);
        Assert.Single(bravos.Overlaps);
    }
}
