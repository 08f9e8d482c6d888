using System.Text.Json;
using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Tests.Commands;

/// <summary>What each command asks the grid, and what it writes.</summary>
public sealed class OutputTests : GridTest
{
    [Fact]
    public async Task OverlapsList_Json_HasTheFieldsOfTheSpecification()
    {
        var overlap = Assert.Single((await Program.RunAsync("overlaps", "list", "--json")).Json);

        Assert.Equal(
            ("ov-1", "ip", "198.18.0.1", "cl-1", "bka"),
            (Text(overlap, "overlap"), Text(overlap, "kind"), Text(overlap, "identifier"), Text(overlap, "claim"), Text(overlap, "other_agency")));
        Assert.Equal(
            ("+49 611 55-0", "BK-7", "EXACT", "NEW", "TLP_AMBER_STRICT"),
            (Text(overlap, "other_contact"), Text(overlap, "other_case"), Text(overlap, "strength"), Text(overlap, "state"), Text(overlap, "other_handling")));
        Assert.Equal("2026-03-01T12:00:00Z", Text(overlap, "found_time"));
    }

    [Fact]
    public async Task CaseRelease_OfNoClaim_SaysSo()
    {
        var (some, none) = (await Program.RunAsync("case", "release", "OP-1"), await Program.RunAsync("case", "release", Samples.UnknownCase));

        Assert.Equal((ExitStatus.Done, ""), (some.Exit, some.Error));
        Assert.Equal(ExitStatus.Done, none.Exit);
        Assert.Contains("no live claim in this case", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverlapsList_ForAReader_IsATable()
    {
        var outcome = await Program.RunAsync("overlaps", "list", "--state", "NEW", "--case", "OP-1", "--claim", "cl-1");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        Assert.Contains("other contact", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("+49 611 55-0", outcome.Output, StringComparison.Ordinal);
        var asked = Grid.State.Only<ListOverlapsRequest>();
        Assert.Equal((OverlapState.New, "OP-1", "cl-1"), (asked.State, asked.CaseReference, asked.Claim));
    }

    [Fact]
    public async Task Claim_SendsEveryAttribute_SignsAndShowsTheWholeAnswer()
    {
        Program.Variables["DECONFLICT_REQUESTED_BY"] = "PC-7";
        var outcome = await Program.RunAsync(
            "claim", "username", "@someone", "--case", "OP-1", "--purpose", "p", "--contact", "c", "--legal-basis", "l", "--priority", "high",
            "--disclosure", "open", "--handling", "H1", "--expires", "30", "--json");

        var asked = Grid.State.Only<CreateClaimRequest>();
        Assert.Equal("PC-7", asked.RequestedBy);
        Assert.True(Guid.TryParseExact(asked.RequestId, "D", out _));
        Assert.Equal(("username", "@someone", "OP-1"), (asked.Claim.Identifier.Kind, asked.Claim.Identifier.Value, asked.Claim.CaseReference));
        Assert.Equal(("p", "c", "l"), (asked.Claim.Purpose, asked.Claim.Contact, asked.Claim.LegalBasis));
        Assert.Equal((Priority.High, Disclosure.Open, Handling.H1), (asked.Claim.Priority, asked.Claim.Disclosure, asked.Claim.Handling));
        Assert.Equal(30 * 86_400, asked.Claim.Lifetime.Seconds);
        Assert.Null(asked.Claim.Window);
        var shown = Assert.Single(outcome.Json);
        Assert.Equal(("cl-1", "LIVE", "e1"), (Text(shown, "claim"), Text(shown, "state"), Text(shown, "etag")));
        Assert.False(shown.GetProperty("duplicate").GetBoolean());
        Assert.Equal("ov-1", Text(shown.GetProperty("overlaps")[0], "overlap"));
        Assert.Equal("OP-0", Text(shown.GetProperty("own_claims")[0], "case"));
        Assert.Equal("OVERLAPS_DISCLOSED", Text(shown, "disclosure_notice"));
    }

    [Fact]
    public async Task Claim_ForAReader_NamesWhomToCall()
    {
        var outcome = await Program.RunAsync("claim", "ip", "198.18.0.1", "--case", "OP-1");

        Assert.Contains("Claim cl-1 accepted.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("+49 611 55-0", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("claim cl-0, case OP-0", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("officer", Grid.State.Only<CreateClaimRequest>().RequestedBy);
    }

    [Fact]
    public async Task Crowd_ForAReader_NamesTheClaimByWhichTheOthersAreAsked()
    {
        var claim = await Program.RunAsync("claim", "ip", "198.18.0.1", "--case", "OP-CROWD");
        var check = await Program.RunAsync("check", "ip", "198.18.0.1", "--case", "OP-CROWD", "--purpose", "p");

        const string Told = "Crowd, so overlaps are held back: 20 or more agencies claim it.\n";
        Assert.Contains(Told + "Ask them to call: deconflict overlaps request-contact --claim cl-1\n", claim.Output, StringComparison.Ordinal);
        Assert.Contains(Told + "To ask them to call, claim it first.\n", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SendsWindowAndPort_AndShowsAMaskedHitWithoutNames()
    {
        var outcome = await Program.RunAsync(
            "check", "ip", "198.18.0.1", "--case", "OP-1", "--purpose", "p", "--from", "2026-01-01", "--until", "2026-01-02T00:00:00+02:00", "--port", "443",
            "--requested-by", "PC-9", "--json");

        var asked = Grid.State.Only<CheckRequest>();
        Assert.Equal(("PC-9", "OP-1", "p", 443u), (asked.RequestedBy, asked.CaseReference, asked.Purpose, asked.Port));
        Assert.Equal(new DateTime(2026, 1, 1, 22, 0, 0), asked.Window.Until.ToDateTime());
        var hit = Assert.Single(outcome.Json).GetProperty("hits")[0];
        Assert.Equal(("MASKED", "", "", ""), (Text(hit, "visibility"), Text(hit, "agency"), Text(hit, "contact"), Text(hit, "case")));
    }

    [Fact]
    public async Task ClaimsList_ReadsAllPages_AndStopsAtItsLimit()
    {
        var all = await Program.RunAsync("claims", "list", "--case", "OP-1", "--kind", "ip", "--state", "LIVE", "--json");
        var one = await Program.RunAsync("claims", "list", "--limit", "1", "--json");

        Assert.Equal(["cl-1", "cl-2"], all.Json.Select(claim => Text(claim, "claim")));
        Assert.Equal("cl-1", Text(Assert.Single(one.Json), "claim"));
        var asked = Grid.State.Requests.OfType<ListClaimsRequest>().ToList();
        Assert.Equal(["", "next", ""], asked.Select(request => request.PageToken));
        Assert.All(asked[..2], request => Assert.Equal(("OP-1", "ip", ClaimState.Live), (request.CaseReference, request.Kind, request.State)));
    }

    [Fact]
    public async Task ClaimsUpdate_SendsOnlyWhatIsNamed()
    {
        await Program.RunAsync("claims", "update", "cl-1", "--contact", "new", "--disclosure", "SILENT", "--etag", "e1");

        var asked = Grid.State.Only<UpdateClaimRequest>();
        Assert.Equal(("cl-1", "e1", "new", Disclosure.Silent), (asked.Claim, asked.Etag, asked.Contact, asked.Disclosure));
        Assert.False(asked.HasPriority || asked.HasHandling || asked.HasLegalBasis);
    }

    [Theory]
    [InlineData("claims show cl-9", typeof(GetClaimRequest))]
    [InlineData("claims renew cl-9 --expires 10", typeof(RenewClaimRequest))]
    [InlineData("claims release cl-9", typeof(ReleaseClaimRequest))]
    [InlineData("case release OP-1", typeof(ReleaseCaseRequest))]
    [InlineData("overlaps show ov-1", typeof(GetOverlapRequest))]
    [InlineData("overlaps ack ov-1", typeof(AcknowledgeOverlapRequest))]
    [InlineData("overlaps resolve ov-1 --outcome COORDINATED", typeof(ResolveOverlapRequest))]
    [InlineData("overlaps request-contact ov-1", typeof(RequestContactRequest))]
    [InlineData("overlaps request-contact --claim cl-1", typeof(RequestContactRequest))]
    [InlineData("overlaps disclose ov-1", typeof(DiscloseOverlapRequest))]
    [InlineData("agency revoke met", typeof(RevokeAgencyRequest))]
    [InlineData("audit verify", typeof(VerifyAuditRequest))]
    public async Task OneThing_IsAskedOnceAndShownAsOneObject(string line, Type request)
    {
        var outcome = await Program.RunAsync([.. line.Split(' '), "--json"]);

        Assert.Equal((ExitStatus.Done, ""), (outcome.Exit, outcome.Error));
        Assert.Single(outcome.Json);
        var asked = Assert.Single(Grid.State.Requests);
        Assert.IsType(request, asked);
        if (asked is IRecordedRequest recorded)
        {
            Assert.True(Guid.TryParseExact(recorded.RequestId, "D", out _));
            Assert.Equal("officer", recorded.RequestedBy);
        }
    }

    [Fact]
    public async Task AuditList_ShowsWhatWasDisclosedToWhom()
    {
        var entry = Assert.Single((await Program.RunAsync("audit", "list", "--agency", "met", "--json")).Json);

        Assert.Equal(("Claim", "DONE", "met"), (Text(entry, "operation"), Text(entry, "outcome"), Text(entry, "agency")));
        Assert.Equal(("met", "bka", "OPEN"), (Disclosed("to_agency"), Disclosed("of_agency"), Disclosed("visibility")));

        string? Disclosed(string name) => Text(entry.GetProperty("disclosures")[0], name);
    }

    [Fact]
    public async Task AuditVerify_BrokenChain_IsNamedAndExitsWith1()
    {
        Grid.State.AuditFault = new AuditFault { Writer = "w1", Sequence = 5, Problem = "The hash does not match." };

        var outcome = await Program.RunAsync("audit", "verify", "--json");

        Assert.Equal(ExitStatus.SomeRejected, outcome.Exit);
        var shown = Assert.Single(outcome.Json);
        Assert.False(shown.GetProperty("intact").GetBoolean());
        Assert.Equal(5, shown.GetProperty("first_fault").GetProperty("sequence").GetInt32());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
