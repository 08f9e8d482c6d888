using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Contract.Claims;

/// <summary>Lists and their pages: a token that one node gave is good at every other, for the same agency and filter only.</summary>
public abstract class ListContract(SharedGrid shared)
{
    [Fact]
    public async Task List_PageByPageOverAllNodes_GivesEachOnceInOrder()
    {
        var reference = SharedGrid.Unused("paging");
        var made = new List<string>();
        for (var number = 0; number < 7; number++)
        {
            made.Add((await shared.Alpha.At(shared.Grid.Nodes[number % shared.Grid.Nodes.Count]).Claims.CreateAsync(
                Requests.Claim(SharedGrid.UnusedMail(), reference), CancellationToken.None)).Claim.Claim_);
        }

        var listed = new List<string>();
        var (token, pages) = ("", 0);
        do
        {
            var channel = shared.Alpha.ChannelAt(shared.Grid.Nodes[pages % shared.Grid.Nodes.Count].Url);
            var page = await channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(
                new ListClaimsRequest { PageSize = 3, CaseReference = reference, PageToken = token });
            listed.AddRange(page.Claims.Select(claim => claim.Claim_));
            (token, pages) = (page.NextPageToken, pages + 1);
        }
        while (token.Length > 0);
        Assert.Equal(3, pages);
        // In the order of their numbers, which hold the time of the node that made them: two nodes may differ by some milliseconds.
        Assert.Equal(made.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task List_WithFilters_GivesWhatPassesThem()
    {
        var reference = SharedGrid.Unused("filter");
        var mail = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(SharedGrid.UnusedMail(), reference), CancellationToken.None);
        var name = await shared.Alpha.Client.Claims.CreateAsync(
            Requests.Claim($"instagram:{SharedGrid.Unused("user").Replace('-', '_')}", reference, kind: "username"), CancellationToken.None);
        await shared.Alpha.Client.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = name.Claim.Claim_ }, CancellationToken.None);

        async Task<IEnumerable<string>> ListAsync(ListClaimsRequest filter) =>
            (await shared.Alpha.Elsewhere.Claims.ListAsync(filter, CancellationToken.None).ToListAsync()).Select(claim => claim.Claim_);
        Assert.Equal([mail.Claim.Claim_, name.Claim.Claim_], await ListAsync(new ListClaimsRequest { CaseReference = reference }));
        Assert.Equal([mail.Claim.Claim_], await ListAsync(new ListClaimsRequest { CaseReference = reference, Kind = "email" }));
        Assert.Equal([name.Claim.Claim_], await ListAsync(new ListClaimsRequest { CaseReference = reference, State = ClaimState.Released }));
    }

    [Fact]
    public async Task PageToken_OfAnotherAgencyOrFilter_IsRefusedByEveryNode()
    {
        var reference = SharedGrid.Unused("token");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(SharedGrid.UnusedMail(), reference), CancellationToken.None);
        }

        var token = (await shared.Alpha.Channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(
            new ListClaimsRequest { PageSize = 1, CaseReference = reference })).NextPageToken;
        Assert.NotEqual("", token);
        var refused = (StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN");
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.Equal(refused, await shared.Bravo.ChannelAt(node.Url).RefusalAsync<ListClaimsRequest, ListClaimsResponse>(
                new ListClaimsRequest { PageSize = 1, CaseReference = reference, PageToken = token }));
            Assert.Equal(refused, await shared.Alpha.ChannelAt(node.Url).RefusalAsync<ListClaimsRequest, ListClaimsResponse>(
                new ListClaimsRequest { PageSize = 1, CaseReference = "other", PageToken = token }));
            Assert.Equal(refused, await shared.Alpha.ChannelAt(node.Url).RefusalAsync<ListOverlapsRequest, ListOverlapsResponse>(
                new ListOverlapsRequest { PageToken = token }));
        }
    }
}
