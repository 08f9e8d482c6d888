using System.Text;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf;

namespace Deconfliction.Gateway.Tests.Input;

/// <summary>Text that is not UTF-8, and messages over the limit. Texts are spoilt where they hold the mark.</summary>
[Collection(SharedServerTests.Name)]
public sealed class UnreadableMessageTests(SharedServer shared)
{
    private const string Mark = "ÿ";
    private const string Canary = "zanary-unreadable";
    private const string Create = "/deconfliction.v1.ClaimService/CreateClaim";
    private const string Import = "/deconfliction.v1.ClaimService/ImportClaims";
    private const int Limit = 4 * 1024 * 1024;

    public static TheoryData<string, Action<CreateClaimRequest>> Texts => new()
    {
        { "request_id", static request => request.RequestId = Mark },
        { "requested_by", static request => request.RequestedBy = Mark },
        { "claim.case_reference", static request => request.Claim.CaseReference = Mark },
        { "claim.contact", static request => request.Claim.Contact = "Bureau des enqu" + Mark + "tes" },
        { "claim.identifier.value", static request => request.Claim.Identifier.Value = $"{Canary}-{Mark}@example.net" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task CreateClaim_TextThatIsNotUtf8_NamesFieldAndRemedy(string field, Action<CreateClaimRequest> spoil)
    {
        var request = shared.Alpha.Claim($"{Canary}@example.net", "email");
        spoil(request);
        using var call = new RawStream(shared.Server, shared.Alpha.Certificate, Create);
        await call.WriteAsync(RawStream.Frame(Spoilt(request)));
        call.End();
        var refused = await call.EndingAsync();

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_UTF8"), (refused.StatusCode, refused.Reason()));
        Assert.Equal([field], refused.Fields());
        Assert.Equal("Encode all text in UTF-8.", refused.GetErrorInfo()!.Metadata["remedy"]);
        Assert.DoesNotContain(Canary, refused.GetRpcStatus()!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, shared.Server.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Import_LineWhoseTextIsNotUtf8_IsRejectedAlone(string field, Action<CreateClaimRequest> spoil)
    {
        var bad = shared.Alpha.Claim();
        spoil(bad);
        var message = Importing.Message(shared.Alpha, shared.Alpha.Claim(), bad, shared.Alpha.Claim());
        var isOfAll = bad.RequestedBy == Mark;
        message.RequestedBy = isOfAll ? Mark : message.RequestedBy;
        using var stream = new RawStream(shared.Server, shared.Alpha.Certificate, Import);
        await stream.WriteAsync(RawStream.Frame(Spoilt(message)));
        var answers = await ResultsAsync(stream, 3);

        // The officer is said once for all items of a message, so what is wrong there is wrong with each.
        foreach (var rejected in answers.Where(answer => answer.Position == 1 || isOfAll))
        {
            Assert.Equal(rejected.Position + 2, rejected.Line);
            Assert.Equal(
                (field, "INVALID_UTF8", (int)StatusCode.InvalidArgument), (rejected.Rejected.Field, rejected.Rejected.Reason, rejected.Rejected.Code));
            Assert.NotEqual("", rejected.Rejected.Remedy);
        }

        Assert.Equal(isOfAll ? 0 : 2, answers.Count(static answer => answer.Accepted is not null));

        // The stream goes on.
        await stream.WriteAsync(RawStream.Frame(Importing.Message(shared.Alpha, shared.Alpha.Claim()).ToByteArray()));
        Assert.NotNull(Assert.Single(await ResultsAsync(stream, 1)).Accepted);
        stream.End();
        Assert.Equal(StatusCode.OK, (await stream.EndingAsync()).StatusCode);
        Assert.DoesNotContain(Canary, shared.Server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamChecks_CheckWhoseTextIsNotUtf8_IsRejectedAlone()
    {
        var bad = shared.Alpha.Check("20.0.0.1");
        bad.Purpose = Mark;
        var message = new StreamChecksRequest
        {
            Items = { new CheckItem { Position = 7, Check = bad }, new CheckItem { Position = 8, Check = shared.Alpha.Check("20.0.0.1") } },
        };
        using var stream = new RawStream(shared.Server, shared.Alpha.Certificate, "/deconfliction.v1.CheckService/StreamChecks");
        await stream.WriteAsync(RawStream.Frame(Spoilt(message)));
        stream.End();
        var results = new List<CheckResult>();
        while (results.Count < 2)
        {
            results.AddRange((await stream.ReadAsync(StreamChecksResponse.Parser)).Results);
        }

        var rejected = results.Single(static result => result.Position == 7).Error;
        Assert.Equal(("check.purpose", "INVALID_UTF8"), (rejected.Field, rejected.Reason));
        Assert.NotNull(results.Single(static result => result.Position == 8).Answer);
        Assert.Equal(StatusCode.OK, (await stream.EndingAsync()).StatusCode);
    }

    [Fact]
    public async Task Import_MessageWithMoreBadTextsThanAreNamed_EndsTheStream()
    {
        // Texts of one field, again and again: each is a value of its own, and the last would count.
        byte[] text = [0x0a, 0x01, 0xff];
        using var stream = new RawStream(shared.Server, shared.Alpha.Certificate, Import);
        await stream.WriteAsync(RawStream.Frame(Enumerable.Repeat(text, 2_000).SelectMany(static bytes => bytes).ToArray()));
        var refused = await stream.EndingAsync();
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_UTF8"), (refused.StatusCode, refused.Reason()));
        Assert.Equal("requested_by", refused.Fields().First());
    }

    [Fact]
    public async Task CreateClaim_OversizeMessage_NamesSizeLimitAndRemedy()
    {
        using var call = new RawStream(shared.Server, shared.Alpha.Certificate, Create);
        await call.WriteAsync(OversizeHeader());
        AssertTooLarge(await call.EndingAsync(), "CreateClaimRequest");
    }

    [Fact]
    public async Task Import_OversizeMessage_EndsTheStream_AndWhatWasAcknowledgedStays()
    {
        var (read, unread) = (shared.Alpha.Claim(), shared.Alpha.Claim());
        using var stream = new RawStream(shared.Server, shared.Alpha.Certificate, Import);
        await stream.WriteAsync(RawStream.Frame(Importing.Message(shared.Alpha, read).ToByteArray()));
        var first = Assert.Single(await ResultsAsync(stream, 1)).Accepted.Claim;

        // The second is still under way when the message that ends the stream comes.
        await stream.WriteAsync([.. RawStream.Frame(Importing.Message(shared.Alpha, unread).ToByteArray()), .. OversizeHeader()]);
        var second = Assert.Single(await ResultsAsync(stream, 1)).Accepted.Claim;
        AssertTooLarge(await stream.EndingAsync(), "ImportClaimsRequest");

        foreach (var claim in new[] { first, second })
        {
            var kept = await shared.Alpha.Channel.CallAsync<GetClaimRequest, GetClaimResponse>(new GetClaimRequest { Claim = claim });
            Assert.Equal(ClaimState.Live, kept.Claim.State);
        }
    }

    private static void AssertTooLarge(RpcException refused, string message)
    {
        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (refused.StatusCode, refused.Reason()));
        Assert.Equal([message], refused.Fields());
        Assert.Contains($"{Limit + 1} bytes is over the limit of {Limit} bytes", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal($"{Limit}", refused.GetErrorInfo()!.Metadata["limit_bytes"]);
        Assert.StartsWith("Split it", refused.GetErrorInfo()!.Metadata["remedy"], StringComparison.Ordinal);
    }

    private static byte[] OversizeHeader() => [0, 0, 0x40, 0, 1];

    private static async Task<List<ImportResult>> ResultsAsync(RawStream stream, int count)
    {
        var results = new List<ImportResult>();
        while (results.Count < count)
        {
            results.AddRange((await stream.ReadAsync(ImportClaimsResponse.Parser)).Results);
        }

        return results;
    }

    // Latin-1, as where a client wrote its text without encoding it: one byte where UTF-8 has two, and one that keeps the length right.
    private static byte[] Spoilt(IMessage message)
    {
        var bytes = message.ToByteArray();
        var mark = Encoding.UTF8.GetBytes(Mark);
        Assert.True(bytes.AsSpan().IndexOf(mark) >= 0);
        while (bytes.AsSpan().IndexOf(mark) is >= 0 and var at)
        {
            (bytes[at], bytes[at + 1]) = (0xff, (byte)'x');
        }

        return bytes;
    }
}
