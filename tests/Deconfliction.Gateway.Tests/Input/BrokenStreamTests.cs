using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;
using Google.Protobuf;

namespace Deconfliction.Gateway.Tests.Input;

/// <summary>
/// Calls that break off in the middle of a message. Where the client is still there it is told; what was acknowledged stays, what came
/// only half is not there, the same request ids serve again, and the log has neither an identifier nor a failure of the server.
/// </summary>
[Collection(SharedServerTests.Name)]
public sealed class BrokenStreamTests(SharedServer shared)
{
    private const string Canary = "zanary-halved";
    private const string Service = "deconfliction.v1.ClaimService";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public static TheoryData<bool> Breaks => [false, true];

    [Fact]
    public async Task CreateClaim_EndedInMidMessage_IsInvalid_AndNothingIsClaimed()
    {
        var request = Claim();
        using var call = new RawStream(shared.Server, shared.Alpha.Certificate, $"/{Service}/CreateClaim");
        await call.WriteAsync(RawStream.Half(request));
        call.End();
        AssertTruncated(await call.EndingAsync(), nameof(CreateClaimRequest));
        await AssertCanBeClaimedAsync(request);
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task CreateClaim_ResetOrCutInMidMessage_IsCancelled_AndNothingIsClaimed(bool isCut)
    {
        var request = Claim();
        await BreakAsync("CreateClaim", isCut, async (call, arrived) =>
        {
            await call.WriteAsync(RawStream.Half(request));
            await arrived(1);
        });

        await AssertCanBeClaimedAsync(request);
    }

    [Fact]
    public async Task Import_EndedInMidMessage_IsInvalid_AfterTheAnswersToWhatCameBefore()
    {
        var (first, second, third) = (Claim(), Claim(), Claim());
        using var stream = new RawStream(shared.Server, shared.Alpha.Certificate, $"/{Service}/ImportClaims");
        await stream.WriteAsync(Whole(first));
        var made = await AcceptedAsync(stream);
        await stream.WriteAsync([.. Whole(second), .. RawStream.Half(Importing.Message(shared.Alpha, third))]);
        stream.End();
        var alsoMade = await AcceptedAsync(stream);
        AssertTruncated(await stream.EndingAsync(), nameof(ImportClaimsRequest));

        await AssertLiveAsync(made);
        await AssertLiveAsync(alsoMade);
        await AssertCanBeClaimedAsync(third);
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Import_ResetOrCutInMidMessage_IsCancelled_AndWhatWasAcknowledgedStays(bool isCut)
    {
        var (first, second, third) = (Claim(), Claim(), Claim());
        var made = "";
        await BreakAsync("ImportClaims", isCut, async (stream, arrived) =>
        {
            await stream.WriteAsync(Whole(first));
            made = await AcceptedAsync(stream);
            await stream.WriteAsync([.. Whole(second), .. RawStream.Half(Importing.Message(shared.Alpha, third))]);
            await arrived(2);
        });

        await AssertLiveAsync(made);
        await AssertCanBeClaimedAsync(third);

        // Nobody was told of the second, which may have been made or not: the same request ids make each once.
        var again = await Importing.RunAsync(shared.Alpha, first, second, third);
        Assert.Equal(made, again.Single(static result => result.Position == 0).Accepted.Claim);
        Assert.All(again, static result => Assert.NotNull(result.Accepted));
        var check = shared.Alpha.Check("");
        check.Identifier = second.Claim.Identifier;
        Assert.Single((await shared.Alpha.Channel.CallAsync<CheckRequest, CheckResponse>(check)).OwnClaims);
    }

    /// <summary>Opens a call, and breaks it once <paramref name="until"/> is done: the server takes it for cancelled, and for no fault of its own.</summary>
    private async Task BreakAsync(string method, bool isCut, Func<RawStream, Func<int, Task>, Task> until)
    {
        var before = shared.Server.Log.Text.Length;
        using var measured = new Measured("rpc.server.call.duration");
        using var call = new RawStream(shared.Server, shared.Alpha.Certificate, $"/{Service}/{method}");
        await until(call, frames => Waiting.UntilAsync("the server has what was sent", s_limit, () => Log().Split("received DATA frame").Length > frames));
        if (isCut)
        {
            call.Drop();
        }
        else
        {
            call.Reset();
        }

        await Waiting.UntilAsync($"{method} has ended as cancelled", s_limit, () => measured.Tags.Contains($"{Service}/{method} CANCELLED"));
        Assert.DoesNotContain(" Error ", Log(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, Log(), StringComparison.Ordinal);

        string Log() => shared.Server.Log.Text[before..];
    }

    private static void AssertTruncated(RpcException refused, string message)
    {
        Assert.Equal((StatusCode.InvalidArgument, "TRUNCATED_MESSAGE"), (refused.StatusCode, refused.Reason()));
        Assert.Equal([message], refused.Fields());
        Assert.Equal("Send each message whole before the end of the stream.", refused.GetErrorInfo()!.Metadata["remedy"]);
    }

    // What was never whole was not claimed: its request id is still free, and its identifier has no claim of this agency.
    private async Task AssertCanBeClaimedAsync(CreateClaimRequest request)
    {
        var answer = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Equal((false, 0, ClaimState.Live), (answer.Duplicate, answer.OwnClaims.Count, answer.Claim.State));
        Assert.DoesNotContain(Canary, shared.Server.Log.Text, StringComparison.Ordinal);
    }

    private async Task AssertLiveAsync(string claim) => Assert.Equal(
        ClaimState.Live, (await shared.Alpha.Channel.CallAsync<GetClaimRequest, GetClaimResponse>(new GetClaimRequest { Claim = claim })).Claim.State);

    private CreateClaimRequest Claim() => shared.Alpha.Claim($"{Canary}-{Guid.NewGuid():N}@example.net", "email");

    private byte[] Whole(CreateClaimRequest claim) => RawStream.Frame(Importing.Message(shared.Alpha, claim).ToByteArray());

    private static async Task<string> AcceptedAsync(RawStream stream) =>
        Assert.Single((await stream.ReadAsync(ImportClaimsResponse.Parser)).Results).Accepted.Claim;
}
