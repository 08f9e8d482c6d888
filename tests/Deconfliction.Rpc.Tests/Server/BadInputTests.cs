using System.Net;
using Deconfliction.Rpc.Tests.Probing;
using Google.Protobuf;

namespace Deconfliction.Rpc.Tests.Server;

/// <summary>Requests that are none: each gets the right code, a reason and the remedy; none gets INTERNAL.</summary>
[Collection(ServerFixture.Collection)]
public sealed class BadInputTests(ServerFixture fixture) : IDisposable
{
    private const string Ask = "/deconfliction.rpc.testing.Probe/Ask";
    private const string Talk = "/deconfliction.rpc.testing.Probe/Talk";
    private const int Limit = 4 * 1024 * 1024;

    private static readonly byte[] s_good = new ProbeRequest { Key = "good" }.ToByteArray();

    // Field 2 (key), three bytes, of which the first is no UTF-8.
    private static readonly byte[] s_badText = [0x12, 0x03, 0xff, 0x61, 0x62];

    private readonly RawClient _raw = new(fixture.Server);

    public void Dispose() => _raw.Dispose();

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpcx")]
    [InlineData("text/plain")]
    public async Task Request_OfOtherContentType_Gets415(string contentType)
    {
        using var content = new ByteArrayContent(RawClient.Frame(0, s_good));
        content.Headers.TryAddWithoutValidation("content-type", contentType);
        using var response = await _raw.Http.PostAsync(Ask, content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Request_OverHttp11_Gets426()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Ask) { Version = HttpVersion.Version11, Content = new ByteArrayContent(s_good) };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using var response = await _raw.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact]
    public async Task Request_ThatIsNoGrpc_IsLeftToTheHost()
    {
        Assert.Equal("a page", await _raw.Http.GetStringAsync("/page"));
        using var missing = await _raw.Http.GetAsync("/no/page");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Theory]
    [InlineData("/deconfliction.rpc.testing.Probe/NoSuchMethod")]
    [InlineData("/no.such.Service/Method")]
    [InlineData("/not-even-a-method")]
    public async Task UnknownMethod_GetsUnimplementedAsTrailersOnly(string path)
    {
        var answer = await _raw.PostAsync(path, RawClient.Frame(0, s_good));
        Assert.Equal(StatusCode.Unimplemented, answer.Code);
        Assert.True(answer.TrailersOnly);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Message_OverTheLimit_IsRefusedByItsHeaderAlone()
    {
        var answer = await _raw.PostAsync(Ask, RawClient.Frame(0, [], Limit + 1));
        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (answer.Code, answer.Reason));
        Assert.Contains($"A message of {Limit + 1} bytes is over the limit of {Limit} bytes.", answer.Ending.Status.Detail, StringComparison.Ordinal);
        Assert.Equal($"{Limit}", answer.Ending.GetErrorInfo()!.Metadata["limit_bytes"]);
        Assert.StartsWith("Split it", answer.Ending.GetErrorInfo()!.Metadata["remedy"], StringComparison.Ordinal);
        Assert.Equal("ProbeRequest", Field(answer));
    }

    [Fact]
    public async Task Message_OfTheLimit_IsTaken()
    {
        var request = new ProbeRequest { Key = new string('x', Limit - 5) };
        Assert.Equal(Limit, request.CalculateSize());
        var answer = await _raw.PostAsync("/deconfliction.rpc.testing.Probe/Collect", RawClient.Frame(0, request.ToByteArray()));
        Assert.Equal(StatusCode.OK, answer.Code);
    }

    [Fact]
    public async Task GzipBomb_StopsAtTheLimit()
    {
        var answer = await _raw.PostAsync(Ask, RawClient.Frame(1, RawClient.Gzipped(new byte[200 * 1024 * 1024])), ("grpc-encoding", "gzip"));
        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (answer.Code, answer.Reason));
        Assert.Contains($"{Limit} bytes", answer.Ending.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task Stream_EndingInTheMiddleOfAMessage_IsInvalid(int bytes)
    {
        foreach (var path in new[] { Ask, Talk })
        {
            var answer = await _raw.PostAsync(path, RawClient.Frame(0, s_good)[..bytes]);
            Assert.Equal((StatusCode.InvalidArgument, "TRUNCATED_MESSAGE", "ProbeRequest"), (answer.Code, answer.Reason, Field(answer)));
        }
    }

    [Fact]
    public async Task Message_ThatIsNoProtobuf_IsInvalid() =>
        await RefusedAsync(StatusCode.InvalidArgument, "MALFORMED_MESSAGE", RawClient.Frame(0, [0x12, 0x7f, 0x01]));

    [Fact]
    public async Task Message_WithTextThatIsNoUtf8_IsInvalid() =>
        Assert.Equal("key", Field(await RefusedAsync(StatusCode.InvalidArgument, "INVALID_UTF8", RawClient.Frame(0, s_badText))));

    [Fact]
    public async Task Frame_WithAReservedFlag_IsInvalid() =>
        await RefusedAsync(StatusCode.InvalidArgument, "MALFORMED_FRAME", RawClient.Frame(2, s_good));

    [Fact]
    public async Task Frame_CompressedWithoutEncoding_IsInvalid() =>
        await RefusedAsync(StatusCode.InvalidArgument, "MALFORMED_FRAME", RawClient.Frame(1, RawClient.Gzipped(s_good)));

    [Fact]
    public async Task Frame_CompressedUnderIdentity_IsInvalid() =>
        await RefusedAsync(StatusCode.InvalidArgument, "MALFORMED_FRAME", RawClient.Frame(1, RawClient.Gzipped(s_good)), ("grpc-encoding", "identity"));

    [Fact]
    public async Task Frame_ThatIsNoGzip_IsInvalid() =>
        await RefusedAsync(StatusCode.InvalidArgument, "DECOMPRESSION_FAILED", RawClient.Frame(1, s_good), ("grpc-encoding", "gzip"));

    [Fact]
    public async Task Frame_WithHalfAGzip_IsInvalid() =>
        await RefusedAsync(StatusCode.InvalidArgument, "DECOMPRESSION_FAILED", RawClient.Frame(1, RawClient.Gzipped(s_good)[..12]), ("grpc-encoding", "gzip"));

    [Fact]
    public async Task UnknownEncoding_IsUnimplementedAndNamesTheKnown()
    {
        var answer = await _raw.PostAsync(Ask, RawClient.Frame(0, s_good), ("grpc-encoding", "zstd"));
        Assert.Equal((StatusCode.Unimplemented, "UNKNOWN_ENCODING"), (answer.Code, answer.Reason));
        Assert.Equal("identity,gzip", answer.Response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-5S")]
    [InlineData("5s")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public async Task BadTimeout_IsInvalid(string timeout) =>
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_TIMEOUT", RawClient.Frame(0, s_good), ("grpc-timeout", timeout));

    [Fact]
    public async Task UnaryCall_WithoutARequest_IsRefused() => await RefusedAsync(StatusCode.Unimplemented, "MISSING_MESSAGE", []);

    [Fact]
    public async Task UnaryCall_WithTwoRequests_IsRefused() =>
        await RefusedAsync(StatusCode.Unimplemented, "EXTRA_MESSAGE", [.. RawClient.Frame(0, s_good), .. RawClient.Frame(0, s_good)]);

    [Fact]
    public async Task BinaryMetadata_ThatIsNoBase64_IsInvalid()
    {
        var answer = await _raw.PostAsync("/grpc.testing.TestService/UnaryCall", RawClient.Frame(0, []), ("x-bin", "*"));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_METADATA"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task Stream_GoesOnAfterAMessageThatIsWrong()
    {
        byte[] body = [.. RawClient.Frame(0, s_good), .. RawClient.Frame(0, s_badText), .. RawClient.Frame(0, [0xff]), .. RawClient.Frame(0, s_good)];
        var answer = await _raw.PostAsync(Talk, body);
        Assert.Equal(StatusCode.OK, answer.Code);
        Assert.Equal(["good", "INVALID_UTF8", "MALFORMED_MESSAGE", "good"], Messages(answer.Body).Select(message => message.Text));
    }

    [Fact]
    public async Task Response_IsCompressedOnlyWhereAccepted()
    {
        var request = RawClient.Frame(0, new ProbeRequest { Behaviour = "big", Count = 10_000 }.ToByteArray());
        var plain = await _raw.PostAsync(Ask, request);
        Assert.Equal(0, plain.Body[0]);
        Assert.False(plain.Response.Headers.Contains("grpc-encoding"));

        var packed = await _raw.PostAsync(Ask, request, ("grpc-accept-encoding", "identity, gzip"));
        Assert.Equal(1, packed.Body[0]);
        Assert.Equal("gzip", packed.Response.Headers.GetValues("grpc-encoding").Single());
        Assert.True(packed.Body.Length < 1000);
    }

    [Theory]
    [InlineData("throw")]
    [InlineData("null")]
    public async Task ServiceThatFails_TellsTheLogAndNotTheClient(string behaviour)
    {
        var key = Guid.NewGuid().ToString();
        var answer = await _raw.PostAsync(Ask, RawClient.Frame(0, new ProbeRequest { Behaviour = behaviour, Key = key }.ToByteArray()));
        Assert.Equal(StatusCode.Unknown, answer.Code);
        Assert.DoesNotContain("secret", answer.Ending.ToString(), StringComparison.Ordinal);
        Assert.Contains(fixture.Server.Log.Entries, entry => entry.Event.Name == "CallFailed" && (behaviour == "null" || entry.Text.Contains(key, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RandomBytes_NeverGetInternal()
    {
        const int Seed = 20261123;
        var random = new Random(Seed);
        for (var run = 0; run < 300; run++)
        {
            var payload = new byte[random.Next(64)];
            random.NextBytes(payload);
            var body = run % 3 == 0 ? payload : RawClient.Frame((byte)(run % 3 == 1 ? 0 : random.Next(3)), payload);
            var encoding = run % 2 == 0 ? "gzip" : "identity";
            foreach (var path in new[] { Ask, Talk, "/grpc.testing.TestService/UnaryCall" })
            {
                var answer = await _raw.PostAsync(path, body, ("grpc-encoding", encoding));
                Assert.True(
                    answer.Code is StatusCode.OK or StatusCode.InvalidArgument or StatusCode.ResourceExhausted or StatusCode.Unimplemented,
                    $"seed {Seed}, run {run}, {path}: {answer.Ending.Status}");
            }
        }
    }

    private static string Field(RawAnswer answer) => Assert.Single(answer.Ending.GetBadRequest()!.FieldViolations).Field;

    private async Task<RawAnswer> RefusedAsync(StatusCode code, string reason, byte[] body, params (string Key, string Value)[] headers)
    {
        var answer = await _raw.PostAsync(Ask, body, headers);
        Assert.Equal((code, reason), (answer.Code, answer.Reason));
        Assert.Equal("deconfliction", answer.Ending.GetErrorInfo()!.Domain);
        Assert.True(answer.TrailersOnly);
        Assert.EndsWith(answer.Ending.GetErrorInfo()!.Metadata["remedy"], answer.Ending.Status.Detail, StringComparison.Ordinal);
        return answer;
    }

    private static IEnumerable<ProbeResponse> Messages(byte[] body)
    {
        for (var at = 0; at < body.Length;)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            yield return ProbeResponse.Parser.ParseFrom(body, at + 5, length);
            at += 5 + length;
        }
    }
}
