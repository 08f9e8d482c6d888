using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Claims;

/// <summary>Rule 7: at every node another agency's object answers exactly like one that does not exist.</summary>
public abstract class ForeignObjectContract(SharedGrid shared)
{
    private static readonly Func<GridClient, string, Task>[] OnClaims =
    [
        (client, id) => client.Claims.GetAsync(id, CancellationToken.None),
        (client, id) => client.Claims.UpdateAsync(new UpdateClaimRequest { Claim = id, Contact = "me" }, CancellationToken.None),
        (client, id) => client.Claims.UpdateAsync(new UpdateClaimRequest { Claim = id, Contact = "me", Etag = "\"r7\"" }, CancellationToken.None),
        (client, id) => client.Claims.RenewAsync(new RenewClaimRequest { Claim = id }, CancellationToken.None),
        (client, id) => client.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = id }, CancellationToken.None),
        (client, id) => client.Overlaps.RequestContactAsync(new RequestContactRequest { Claim = id }, CancellationToken.None),
    ];

    private static readonly Func<GridClient, string, Task>[] OnOverlaps =
    [
        (client, id) => client.Overlaps.GetAsync(id, CancellationToken.None),
        (client, id) => client.Overlaps.AcknowledgeAsync(new AcknowledgeOverlapRequest { Overlap = id }, CancellationToken.None),
        (client, id) => client.Overlaps.ResolveAsync(new ResolveOverlapRequest { Overlap = id, Outcome = OverlapOutcome.NoConflict }, CancellationToken.None),
        (client, id) => client.Overlaps.DiscloseAsync(new DiscloseOverlapRequest { Overlap = id }, CancellationToken.None),
        (client, id) => client.Overlaps.RequestContactAsync(new RequestContactRequest { Overlap = id }, CancellationToken.None),
    ];

    [Fact]
    public async Task Claim_OfAnother_AnswersAsIfItWereNotThereAndStaysAsItIs()
    {
        var value = SharedGrid.UnusedMail();
        var theirs = (await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None)).Claim;
        await AssertSameAsync(shared.Bravo, theirs.Claim_, OnClaims);
        Assert.Equal(theirs, await shared.Alpha.Client.Claims.GetAsync(theirs.Claim_, CancellationToken.None));
        Assert.DoesNotContain(
            await shared.Bravo.Client.Claims.ListAsync(new ListClaimsRequest(), CancellationToken.None).ToListAsync(), claim => claim.Identifier == value);
    }

    [Fact]
    public async Task Overlap_OfOthers_AnswersAsIfItWereNotThere()
    {
        var value = SharedGrid.UnusedMail();
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        var met = await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), CancellationToken.None);
        var outsider = await shared.Grid.AddMemberAsync(SharedGrid.Unused("outsider"));
        await AssertSameAsync(outsider, Assert.Single(met.Overlaps).Overlap, OnOverlaps);
    }

    [Fact]
    public async Task Overlap_WithASilentClaim_AnswersAsIfItWereNotThere()
    {
        var value = SharedGrid.UnusedMail();
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        var met = await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1", Disclosure.Silent), CancellationToken.None);
        await AssertSameAsync(shared.Alpha, Assert.Single(met.Overlaps).Overlap, OnOverlaps);
    }

    private async Task AssertSameAsync(Member member, string foreign, Func<GridClient, string, Task>[] methods)
    {
        foreach (var node in shared.Grid.Nodes)
        {
            foreach (var method in methods)
            {
                var missing = await Assert.ThrowsAsync<GridException>(() => method(member.At(node), Guid.CreateVersion7().ToString()));
                var other = await Assert.ThrowsAsync<GridException>(() => method(member.At(node), foreign));
                Assert.Equal("NOT_FOUND", missing.Error.Status);
                Assert.Equal(missing.Error, other.Error);
            }
        }
    }
}
