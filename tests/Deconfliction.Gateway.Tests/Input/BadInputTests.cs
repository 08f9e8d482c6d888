using System.Text;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Gateway.Tests.Input;

/// <summary>Bad input, each with its field and reason, over the wire.</summary>
[Collection(SharedServerTests.Name)]
public sealed class BadInputTests(SharedServer shared)
{
    private static readonly Timestamp s_noon = Timestamp.FromDateTime(new DateTime(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc));

    public static TheoryData<string, string, Action<CreateClaimRequest>> Claims => new()
    {
        { "request_id", "MISSING_REQUEST_ID", request => request.RequestId = "" },
        { "request_id", "INVALID_UUID", request => request.RequestId = "42" },
        { "request_id", "INVALID_UUID", request => request.RequestId = Guid.Empty.ToString() },
        { "requested_by", "MISSING_REQUESTED_BY", request => request.RequestedBy = " " },
        { "requested_by", "TOO_LONG", request => request.RequestedBy = new string('é', 65) },
        { "requested_by", "NOT_A_CHARACTER", request => request.RequestedBy = "Ren\uFFFD" },
        { "claim", "MISSING_CLAIM", request => request.Claim = null },
        { "claim.identifier", "MISSING_IDENTIFIER", request => request.Claim.Identifier = null },
        { "claim.identifier.kind", "UNKNOWN_KIND", request => request.Claim.Identifier.Kind = "shoe-size" },
        { "claim.identifier.kind", "UNKNOWN_KIND", request => request.Claim.Identifier.Kind = "" },
        { "claim.identifier.value", "EMPTY", request => request.Claim.Identifier.Value = "" },
        { "claim.identifier.value", "TOO_LONG", request => request.Claim.Identifier.Value = new string('1', 2_049) },
        { "claim.case_reference", "MISSING_CASE_REFERENCE", request => request.Claim.CaseReference = "" },
        { "claim.case_reference", "TOO_LONG", request => request.Claim.CaseReference = new string('x', 129) },
        { "claim.case_reference", "CONTROL_CHARACTER", request => request.Claim.CaseReference = "a\0b" },
        { "claim.case_reference", "NOT_A_CHARACTER", request => request.Claim.CaseReference = "a\uFFFDb" },
        { "claim.contact", "NOT_A_CHARACTER", request => request.Claim.Contact = "Caf\uFFFD" },
        { "claim.contact", "TOO_LONG", request => request.Claim.Contact = new string('x', 257) },
        { "claim.contact", "CONTROL_CHARACTER", request => request.Claim.Contact = "a\nb" },
        { "claim.purpose", "TOO_LONG", request => request.Claim.Purpose = new string('x', 257) },
        { "claim.legal_basis", "TOO_LONG", request => request.Claim.LegalBasis = new string('x', 257) },
        { "claim.priority", "UNKNOWN_VALUE", request => request.Claim.Priority = (Priority)99 },
        { "claim.handling", "UNKNOWN_VALUE", request => request.Claim.Handling = (Handling)99 },
        { "claim.disclosure", "UNKNOWN_VALUE", request => request.Claim.Disclosure = (Disclosure)99 },
        { "claim.lifetime", "LIFETIME_TOO_LONG", request => request.Claim.Lifetime = Duration.FromTimeSpan(TimeSpan.FromDays(366)) },
        { "claim.lifetime", "LIFETIME_NOT_IN_DAYS", request => request.Claim.Lifetime = Duration.FromTimeSpan(TimeSpan.FromHours(25)) },
        { "claim.lifetime", "LIFETIME_NOT_IN_DAYS", request => request.Claim.Lifetime = Duration.FromTimeSpan(TimeSpan.FromDays(-1)) },
        { "claim.lifetime", "LIFETIME_NOT_IN_DAYS", request => request.Claim.Lifetime = new Duration { Seconds = long.MaxValue, Nanos = -1 } },
        { "claim.port", "INVALID_PORT", request => request.Claim.Port = 65_536 },
        { "claim.port", "PORT_NEEDS_IP", request => { Mail(request); request.Claim.Port = 80; } },
        { "claim.window", "WINDOW_NEEDS_IP", request => { Mail(request); request.Claim.Window = Window(0, 1); } },
        { "claim.window", "WINDOW_TOO_LONG", request => request.Claim.Window = Window(0, (31 * 24 * 60) + 1) },
        { "claim.window.until", "DATES_OUT_OF_ORDER", request => request.Claim.Window = Window(10, 0) },
        { "claim.window.until", "DATES_OUT_OF_ORDER", request => request.Claim.Window = Window(0, 0) },
        { "claim.window.from", "MISSING_TIME", request => request.Claim.Window = new Window { Until = s_noon } },
        { "claim.window.until", "INVALID_TIME", request => request.Claim.Window = new Window { From = s_noon, Until = new Timestamp { Seconds = long.MaxValue } } },
        { "claim.window.tolerance", "INVALID_TOLERANCE", request => request.Claim.Window = new Window(Window(0, 1)) { Tolerance = new Duration { Seconds = -1 } } },
    };

    /// <summary>What is wrong with an item; the officer is the message's.</summary>
    public static IEnumerable<object[]> Items => Claims.Where(static row => (string)row[0] != "requested_by");

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task CreateClaim_NamesFieldAndReason(string field, string reason, Action<CreateClaimRequest> spoil)
    {
        var request = shared.Alpha.Claim();
        spoil(request);
        var refused = await shared.Alpha.Channel.FailAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Equal((StatusCode.InvalidArgument, reason), (refused.StatusCode, refused.Reason()));
        Assert.Contains(field, refused.Fields());
        Assert.NotEqual("", refused.GetErrorInfo()!.Metadata["remedy"]);
    }

    [Theory]
    [MemberData(nameof(Items))]
    public async Task Import_RejectsTheItemAlone_WithTheSameFieldAndReason(string field, string reason, Action<CreateClaimRequest> spoil)
    {
        var bad = shared.Alpha.Claim();
        spoil(bad);
        var good = shared.Alpha.Claim();
        var results = await Importing.RunAsync(shared.Alpha, good, bad, shared.Alpha.Claim());
        Assert.Equal([0L, 1L, 2L], results.Select(result => result.Position).Order());
        var rejected = results.Single(result => result.Position == 1).Rejected;
        Assert.Equal((reason, field, (int)StatusCode.InvalidArgument), (rejected.Reason, rejected.Field, rejected.Code));
        Assert.NotEqual("", rejected.Remedy);
        Assert.Equal(2, results.Count(result => result.Accepted is not null));
    }

    /// <summary>Every method of an officer's that is recorded, but for the operator's own.</summary>
    public static TheoryData<string> Recorded => [.. RecordedMethods.Select(static method => $"{method.Service.Name}/{method.Name}")];

    private static IEnumerable<MethodDescriptor> RecordedMethods =>
        from service in (ServiceDescriptor[])[ClaimServiceReflection.Descriptor.Services[0], CheckServiceReflection.Descriptor.Services[0], OverlapServiceReflection.Descriptor.Services[0], AlertServiceReflection.Descriptor.Services[0]]
        from method in service.Methods
        where !method.IsClientStreaming && method.InputType.ClrType.IsAssignableTo(typeof(IRecordedRequest))
        select method;

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task Recorded_WithoutTheOfficer_NamesTheField(string name)
    {
        var method = RecordedMethods.Single(method => $"{method.Service.Name}/{method.Name}" == name);
        var request = (IRecordedRequest)Activator.CreateInstance(method.InputType.ClrType)!;
        request.RequestId = Calls.NewId();
        using var raw = new RawCalls(shared.Server, shared.Alpha.Certificate);

        var answer = await raw.SendAsync($"/{method.Service.FullName}/{method.Name}", (IMessage)request);

        Assert.Equal("3", answer.Status);
        var details = Convert.FromBase64String(answer.Details.PadRight((answer.Details.Length + 3) / 4 * 4, '='));
        Assert.Contains("requested_by", Encoding.Latin1.GetString(details), StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_AreAllThatThereAre() => Assert.Equal(11, RecordedMethods.Count());

    [Fact]
    public async Task CreateClaim_NamesAllThatIsWrongAtOnce()
    {
        var request = shared.Alpha.Claim("300.1.1.1");
        request.RequestedBy = "";
        request.Claim.CaseReference = "";
        request.Claim.Priority = (Priority)99;
        var refused = await shared.Alpha.Channel.FailAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Equal(
            ["claim.case_reference", "claim.identifier.value", "claim.priority", "requested_by"], refused.Fields().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Check_NeedsCaseAndPurpose()
    {
        var request = shared.Alpha.Check("20.0.0.1");
        request.Purpose = "";
        request.CaseReference = "";
        var refused = await shared.Alpha.Channel.FailAsync<CheckRequest, CheckResponse>(request);
        Assert.Equal(["case_reference", "purpose"], refused.Fields().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Referrer_NeedsNoOfficer()
    {
        var request = shared.ByRole[AgencyRole.Hotline].Claim();
        request.RequestedBy = "";
        var answer = await shared.ByRole[AgencyRole.Hotline].Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Equal(ClaimState.Live, answer.Claim.State);
    }

    [Fact]
    public async Task UpdateClaim_ThatChangesNothing_IsRefused()
    {
        var claim = await shared.Alpha.ClaimAsync();
        var refused = await shared.Alpha.Channel.FailAsync<UpdateClaimRequest, UpdateClaimResponse>(
            new UpdateClaimRequest { RequestId = Calls.NewId(), RequestedBy = "officer", Claim = claim.Claim.Claim_ });
        Assert.Equal("NOTHING_TO_CHANGE", refused.Reason());
    }

    [Fact]
    public async Task BadUtf8_IsInvalidArgument_NotInternal()
    {
        using var raw = new RawCalls(shared.Server, shared.Alpha.Certificate);
        // BytesValue has its bytes in field 1, which is request_id, a text, in CreateClaimRequest.
        var bytes = new BytesValue { Value = ByteString.CopyFrom(0xFF, 0xFE) };
        Assert.Equal("3", (await raw.SendAsync("/deconfliction.v1.ClaimService/CreateClaim", bytes)).Status);
    }

    [Fact]
    public async Task StreamMessageWithTooManyItems_EndsTheStream_AfterEarlierAnswers()
    {
        using var stream = shared.Alpha.Channel.DuplexStream(Calls.Method<ImportClaimsRequest, ImportClaimsResponse>());
        var good = Importing.Message(shared.Alpha, shared.Alpha.Claim());
        await stream.RequestStream.WriteAsync(good);
        await stream.RequestStream.WriteAsync(Importing.Message(shared.Alpha, [.. Enumerable.Range(0, 501).Select(_ => shared.Alpha.Claim())]));
        var answered = 0;
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
                answered += stream.ResponseStream.Current.Results.Count;
            }
        });
        Assert.Equal((1, "TOO_MANY_ITEMS"), (answered, refused.Reason()));
    }

    private static void Mail(CreateClaimRequest request) =>
        request.Claim.Identifier = new IdentifierInput { Kind = "email", Value = $"{Guid.NewGuid():N}@example.net" };

    private static Window Window(int fromMinutes, int untilMinutes) => new()
    {
        From = new Timestamp { Seconds = s_noon.Seconds + (60 * fromMinutes) },
        Until = new Timestamp { Seconds = s_noon.Seconds + (60 * untilMinutes) },
    };
}
