using System.Buffers.Text;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Tests.Paging;

/// <summary>Attack 6 of FAULTS.md: a page token is of one agency, method and filter, and of nobody else.</summary>
[Collection(SharedServerTests.Name)]
public sealed class PageTokenTests(SharedServer shared)
{
    [Fact]
    public async Task List_ByPages_GivesEachOnceInOrder()
    {
        var made = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            made.Add((await shared.Alpha.ClaimAsync(caseReference: "paging")).Claim.Claim_);
        }

        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await shared.Alpha.Channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(
                new ListClaimsRequest { PageSize = 3, CaseReference = "paging", PageToken = token });
            listed.AddRange(page.Claims.Select(claim => claim.Claim_));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal(made, listed);
    }

    [Fact]
    public async Task Token_OfAnotherAgency_IsRefused()
    {
        var token = await TokenAsync();
        Assert.Equal("INVALID_PAGE_TOKEN", await ReasonAsync(shared.Beta, new ListClaimsRequest { PageSize = 1, PageToken = token }));
    }

    [Fact]
    public async Task Token_WithAnotherFilterOrMethod_IsRefused()
    {
        var token = await TokenAsync();
        Assert.Equal("INVALID_PAGE_TOKEN", await ReasonAsync(shared.Alpha, new ListClaimsRequest { PageToken = token, State = ClaimState.Live }));
        Assert.Equal("INVALID_PAGE_TOKEN", await ReasonAsync(shared.Alpha, new ListClaimsRequest { PageToken = token, CaseReference = "x" }));
        var other = await shared.Alpha.Channel.FailAsync<ListOverlapsRequest, ListOverlapsResponse>(new ListOverlapsRequest { PageToken = token });
        Assert.Equal("INVALID_PAGE_TOKEN", other.Reason());
    }

    [Fact]
    public async Task Token_WithAnyFlippedBit_IsRefused()
    {
        var bytes = Base64Url.DecodeFromChars(await TokenAsync());
        for (var i = 0; i < bytes.Length; i++)
        {
            var altered = (byte[])bytes.Clone();
            altered[i] ^= 0x10;
            Assert.Equal(
                "INVALID_PAGE_TOKEN", await ReasonAsync(shared.Alpha, new ListClaimsRequest { PageToken = Base64Url.EncodeToString(altered) }));
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("not a token at all")]
    [InlineData("AQ==")]
    public async Task Token_ThatIsNone_IsRefused(string token) =>
        Assert.Equal("INVALID_PAGE_TOKEN", await ReasonAsync(shared.Alpha, new ListClaimsRequest { PageToken = token }));

    [Theory]
    [InlineData(-1)]
    [InlineData(1_001)]
    public async Task PageSize_OutOfRange_IsRefused(int size) =>
        Assert.Equal("INVALID_PAGE_SIZE", await ReasonAsync(shared.Alpha, new ListClaimsRequest { PageSize = size }));

    [Fact]
    public async Task FeedPosition_BeyondTheHead_IsOutOfRange_WithTheOldestKept()
    {
        using var stream = shared.Alpha.Channel.ServerStream(
            Calls.Method<StreamAlertsRequest, StreamAlertsResponse>(), new StreamAlertsRequest { AfterPosition = 1_000_000 });
        var refused = await Assert.ThrowsAsync<Deconfliction.Rpc.RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });
        Assert.Equal(Deconfliction.Rpc.StatusCode.OutOfRange, refused.StatusCode);
        Assert.Contains("oldest_position", Deconfliction.Rpc.RpcErrorDetails.GetErrorInfo(refused)!.Metadata.Keys);
    }

    private async Task<string> TokenAsync()
    {
        await shared.Alpha.ClaimAsync();
        await shared.Alpha.ClaimAsync();
        var page = await shared.Alpha.Channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest { PageSize = 1 });
        Assert.NotEqual("", page.NextPageToken);
        return page.NextPageToken;
    }

    private static async Task<string> ReasonAsync(TestAgency agency, ListClaimsRequest request) =>
        (await agency.Channel.FailAsync<ListClaimsRequest, ListClaimsResponse>(request)).Reason();
}
