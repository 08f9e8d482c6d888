using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using D = Deconfliction.Protocol.V1.Disclosure;

namespace Deconfliction.Contract.Attacks;

/// <summary>
/// Attack 5 of FAULTS.md: everything that another agency can ask for is asked for, and each byte of every answer is searched for what
/// the owner said of its claim.
/// </summary>
public abstract class FieldSweepContract(SharedGrid shared)
{
    private static int _cells;

    private const string Reference = "MARK-case";
    private const string Contact = "MARK-contact";
    private static readonly string[] NeverShown = ["MARK-purpose", "MARK-basis", "MARK-officer"];

    [Theory]
    [InlineData(AgencyRole.LawEnforcement, D.Open, new[] { Reference, Contact, "owner" })]
    [InlineData(AgencyRole.InternationalBody, D.Open, new[] { Reference, Contact, "owner" })]
    [InlineData(AgencyRole.Hotline, D.Open, new string[0])]
    [InlineData(AgencyRole.Industry, D.Open, new string[0])]
    [InlineData(AgencyRole.LawEnforcement, D.Masked, new string[0])]
    [InlineData(AgencyRole.InternationalBody, D.Masked, new string[0])]
    [InlineData(AgencyRole.LawEnforcement, D.Silent, new string[0])]
    [InlineData(AgencyRole.Hotline, D.Silent, new string[0])]
    public async Task EveryAnswer_ToAnotherAgency_HoldsThePointerAndNothingElse(AgencyRole role, D disclosure, string[] shown)
    {
        var cell = Interlocked.Increment(ref _cells);
        var value = $"sweep-{cell}@example.org";
        var owner = await shared.Grid.AddMemberAsync($"owner-{cell}");
        var other = await shared.Grid.AddMemberAsync($"other-{cell}", role);
        var made = await owner.Client.Claims.CreateAsync(OwnersClaim(value, disclosure), CancellationToken.None);

        var answers = await EverythingAsync(other, value, made.Claim.Claim_);

        var text = string.Join('\n', answers);
        foreach (var secret in NeverShown.Append(made.Claim.Claim_).Append(made.Claim.Etag.Length > 8 ? made.Claim.Etag : made.Claim.Claim_))
        {
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var part in new[] { Reference, Contact, "owner" })
        {
            Assert.Equal(shown.Contains(part), text.Contains(part, StringComparison.OrdinalIgnoreCase));
        }

        Assert.Equal(disclosure != D.Silent && shown.Length == 0 && role is not (AgencyRole.Hotline or AgencyRole.Industry), text.Contains("MASKED", StringComparison.Ordinal));
    }

    private static CreateClaimRequest OwnersClaim(string value, D disclosure)
    {
        var request = Requests.Claim(value, Reference, disclosure);
        request.RequestedBy = "MARK-officer";
        request.Claim.Contact = Contact;
        request.Claim.Purpose = "MARK-purpose";
        request.Claim.LegalBasis = "MARK-basis";
        request.Claim.Priority = Priority.Urgent;
        request.Claim.Handling = Handling.TlpRed;
        request.Claim.Lifetime = Duration.FromTimeSpan(TimeSpan.FromDays(33));
        return request;
    }

    // Every call that the other agency may make about the identifier, its own claim, and the owner's objects.
    private static async Task<IReadOnlyList<string>> EverythingAsync(Member other, string value, string ownersClaim)
    {
        var (client, none, answers) = (other.Client, CancellationToken.None, new List<string>());
        await AskAsync(() => client.Checks.CheckAsync(Requests.Check(value), none));
        var mine = await client.Claims.CreateAsync(Requests.Claim(value, "O-1"), none);
        answers.Add(Text(mine));
        await AskAsync(() => client.Claims.CreateAsync(Requests.Claim(value, "O-1"), none));
        await AskAsync(() => client.Claims.GetAsync(mine.Claim.Claim_, none));
        await AskAsync(() => client.Claims.GetAsync(ownersClaim, none), mask: ownersClaim);
        await AskAsync(() => client.Claims.RenewAsync(new RenewClaimRequest { Claim = ownersClaim }, none), mask: ownersClaim);
        await AskAsync(() => client.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = ownersClaim }, none), mask: ownersClaim);
        await AskAsync(() => client.Claims.UpdateAsync(new UpdateClaimRequest { Claim = ownersClaim, Contact = "x" }, none), mask: ownersClaim);
        answers.AddRange((await client.Claims.ListAsync(new ListClaimsRequest(), none).ToListAsync()).Select(Text));
        var overlaps = new List<OverlapPointer>();
        try
        {
            overlaps = await client.Overlaps.ListAsync(new ListOverlapsRequest(), none).ToListAsync();
            answers.AddRange(overlaps.Select(Text));
        }
        catch (GridException problem)
        {
            answers.Add(problem.Error.ToString());
        }

        foreach (var overlap in overlaps)
        {
            await AskAsync(() => client.Overlaps.GetAsync(overlap.Overlap, none));
            await AskAsync(() => client.Overlaps.AcknowledgeAsync(new AcknowledgeOverlapRequest { Overlap = overlap.Overlap }, none));
            await AskAsync(() => client.Overlaps.RequestContactAsync(new RequestContactRequest { Overlap = overlap.Overlap }, none));
            await AskAsync(() => client.Overlaps.DiscloseAsync(new DiscloseOverlapRequest { Overlap = overlap.Overlap }, none));
            await AskAsync(() => client.Overlaps.ResolveAsync(
                new ResolveOverlapRequest { Overlap = overlap.Overlap, Outcome = OverlapOutcome.NoConflict }, none));
        }

        answers.AddRange((await other.ReadFeedAsync()).Select(Text));
        return answers;

        async Task AskAsync<T>(Func<Task<T>> ask, string mask = "\0")
            where T : IMessage
        {
            try
            {
                answers.Add(Text(await ask()));
            }
            catch (GridException problem)
            {
                // What the asker itself sent may come back to it.
                answers.Add(problem.Error.ToString().Replace(mask, "", StringComparison.Ordinal));
            }
        }
    }

    private static string Text(IMessage message) => JsonFormatter.Default.Format(message);
}
