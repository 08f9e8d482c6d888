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

    private const string Owner = "owner";
    private const string Reference = "MARK-case";
    private const string Contact = "MARK-contact";
    private const string Purpose = "MARK-purpose";
    private const string LegalBasis = "MARK-basis";
    private const string Officer = "MARK-officer";
    private const string Number = "its number";

    [Theory]
    [InlineData(AgencyRole.LawEnforcement, D.Open, new[] { Owner, Reference, Contact })]
    [InlineData(AgencyRole.InternationalBody, D.Open, new[] { Owner, Reference, Contact })]
    [InlineData(AgencyRole.Hotline, D.Open, new string[0])]
    [InlineData(AgencyRole.Industry, D.Open, new string[0])]
    [InlineData(AgencyRole.Operator, D.Open, new[] { Owner })]
    [InlineData(AgencyRole.Auditor, D.Open, new[] { Owner, Reference, Purpose, Officer, Number })]
    [InlineData(AgencyRole.LawEnforcement, D.Masked, new string[0])]
    [InlineData(AgencyRole.InternationalBody, D.Masked, new string[0])]
    [InlineData(AgencyRole.LawEnforcement, D.Silent, new string[0])]
    [InlineData(AgencyRole.Hotline, D.Silent, new string[0])]
    public async Task EveryAnswer_ToAnotherAgency_HoldsThePointerAndNothingElse(AgencyRole role, D disclosure, string[] shown)
    {
        var cell = Interlocked.Increment(ref _cells);
        var value = $"sweep-{cell}@example.org";
        var owner = await shared.Grid.AddMemberAsync($"{Owner}-{cell}");
        var other = await shared.Grid.AddMemberAsync($"other-{cell}", role);
        var made = await owner.Client.Claims.CreateAsync(OwnersClaim(value, disclosure), CancellationToken.None);

        var answers = await EverythingAsync(other, value, made.Claim.Claim_);

        var text = string.Join('\n', answers);
        foreach (var part in new[] { Owner, Reference, Contact, Purpose, LegalBasis, Officer, Number })
        {
            Assert.Equal((part, shown.Contains(part)), (part, text.Contains(part == Number ? made.Claim.Claim_ : part, StringComparison.OrdinalIgnoreCase)));
        }

        // The record tells auditors also what anybody else was shown.
        if (role != AgencyRole.Auditor)
        {
            Assert.Equal(disclosure == D.Masked, text.Contains("MASKED", StringComparison.Ordinal));
        }

        Assert.Equal(role is not (AgencyRole.Operator or AgencyRole.Auditor), text.Contains(value, StringComparison.OrdinalIgnoreCase));
    }

    private static CreateClaimRequest OwnersClaim(string value, D disclosure)
    {
        var request = Requests.Claim(value, Reference, disclosure);
        request.RequestedBy = Officer;
        request.Claim.Contact = Contact;
        request.Claim.Purpose = Purpose;
        request.Claim.LegalBasis = LegalBasis;
        request.Claim.Priority = Priority.Urgent;
        request.Claim.Handling = Handling.TlpRed;
        request.Claim.Lifetime = Duration.FromTimeSpan(TimeSpan.FromDays(33));
        return request;
    }

    // Every call that there is, about the identifier, the other agency's own claim, and the owner's objects.
    private static async Task<IReadOnlyList<string>> EverythingAsync(Member other, string value, string ownersClaim)
    {
        var (client, none, answers) = (other.Client, CancellationToken.None, new List<string>());
        await AskAsync(() => client.Checks.CheckAsync(Requests.Check(value), none));
        await AskAsync(() => client.Claims.CreateAsync(Requests.Claim(value, "O-1"), none));
        await AskAsync(() => client.Claims.CreateAsync(Requests.Claim(value, "O-1"), none));
        foreach (var mine in await AskAllAsync(() => client.Claims.ListAsync(new ListClaimsRequest(), none)))
        {
            await AskAsync(() => client.Claims.GetAsync(mine.Claim_, none));
        }

        await AskAsync(() => client.Claims.GetAsync(ownersClaim, none), mask: ownersClaim);
        await AskAsync(() => client.Claims.RenewAsync(new RenewClaimRequest { Claim = ownersClaim }, none), mask: ownersClaim);
        await AskAsync(() => client.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = ownersClaim }, none), mask: ownersClaim);
        await AskAsync(() => client.Claims.UpdateAsync(new UpdateClaimRequest { Claim = ownersClaim, Contact = "x" }, none), mask: ownersClaim);
        await AskAsync(() => client.Claims.ReleaseCaseAsync(new ReleaseCaseRequest { CaseReference = Reference }, none), mask: Reference);
        await AskAllAsync(() => client.Claims.ListAsync(new ListClaimsRequest { CaseReference = Reference }, none));
        foreach (var overlap in await AskAllAsync(() => client.Overlaps.ListAsync(new ListOverlapsRequest(), none)))
        {
            await AskAsync(() => client.Overlaps.GetAsync(overlap.Overlap, none));
            await AskAsync(() => client.Overlaps.AcknowledgeAsync(new AcknowledgeOverlapRequest { Overlap = overlap.Overlap }, none));
            await AskAsync(() => client.Overlaps.RequestContactAsync(new RequestContactRequest { Overlap = overlap.Overlap }, none));
            await AskAsync(() => client.Overlaps.DiscloseAsync(new DiscloseOverlapRequest { Overlap = overlap.Overlap }, none));
            await AskAsync(() => client.Overlaps.ResolveAsync(
                new ResolveOverlapRequest { Overlap = overlap.Overlap, Outcome = OverlapOutcome.NoConflict }, none));
        }

        await AskAllAsync(() => client.Agencies.ListAsync(none));
        await AskAllAsync(() => client.Audit.ListAsync(new ListAuditEntriesRequest(), none));
        await AskAsync(() => client.Audit.VerifyAsync(none));
        await AskAllAsync(() => FeedAsync(other));
        return answers;

        async Task<IReadOnlyList<T>> AskAllAsync<T>(Func<IAsyncEnumerable<T>> ask)
            where T : IMessage
        {
            try
            {
                var all = await ask().ToListAsync();
                answers.AddRange(all.Select(one => Text(one)));
                return all;
            }
            catch (GridException problem)
            {
                answers.Add(problem.Error.ToString());
                return [];
            }
        }

        async Task AskAsync<T>(Func<Task<T>> ask, string mask = "\0")
            where T : notnull
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

    private static async IAsyncEnumerable<Alert> FeedAsync(Member of)
    {
        foreach (var alert in await of.ReadFeedAsync())
        {
            yield return alert;
        }
    }

    private static string Text(object answer) => answer is IMessage message ? JsonFormatter.Default.Format(message) : $"{answer}";
}
