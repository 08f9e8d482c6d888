using System.Globalization;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Deciding;

/// <summary>
/// One identifier with a ledger in memory: decides, proves that deciding changed nothing, then applies and stores what was decided.
/// </summary>
internal sealed class Bench(Policy policy)
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CountingIds _ids = new();
    private readonly Dictionary<Guid, Claim> _claims = [];
    private readonly Dictionary<Guid, Overlap> _overlaps = [];

    public Bench()
        : this(new Policy())
    {
    }

    public IdentifierState State { get; private set; } = IdentifierState.Empty();

    public Policy Policy => policy;

    public DateTimeOffset Now { get; set; } = Start;

    public IReadOnlyCollection<Overlap> Overlaps => _overlaps.Values;

    /// <summary>Whose claim, and which, the last command named; nothing where it named none.</summary>
    public (AgencyId By, Guid Claim)? LastAsked { get; private set; }

    public Decision Run(Command command)
    {
        LastAsked = command switch
        {
            Command.UpdateClaim update => (update.By, update.ClaimId),
            Command.RenewClaim renew => (renew.By, renew.ClaimId),
            Command.ReleaseClaim release => (release.By, release.ClaimId),
            Command.RequestCrowdContact request => (request.By, request.ClaimId),
            _ => null,
        };
        var before = Describe(State);
        var decision = Decider.Decide(State, command, policy, Now, _ids);
        Assert.Equal(before, Describe(State));
        Commit(decision);
        return decision;
    }

    /// <summary>The decision that a state restored from the live claims would make now, with the same ids.</summary>
    public Decision RunOnRestored(Command command)
    {
        var restored = IdentifierState.Restore(State.Version, State.Hazard, State.IsCrowd, State.LiveClaims.Reverse());
        return RunOn(restored, command);
    }

    /// <summary>The decision that another state would make now, with the same ids.</summary>
    public Decision RunOn(IdentifierState other, Command command) =>
        Decider.Decide(other, command, policy, Now, new CountingIds(_ids.Last));

    public Claim Claim(Guid id) => _claims[id];

    public Claim? FindClaim(Guid id) => _claims.GetValueOrDefault(id);

    public OverlapView? View(Guid one, Guid other) =>
        _overlaps.Values.FirstOrDefault(overlap =>
            (overlap.A.ClaimId == one && overlap.B.ClaimId == other) || (overlap.A.ClaimId == other && overlap.B.ClaimId == one))
            is { } found ? View(found) : null;

    public OverlapView View(Overlap overlap) => new(overlap, _claims[overlap.A.ClaimId], _claims[overlap.B.ClaimId]);

    public Overlap Overlap(Guid id) => _overlaps[id];

    public IReadOnlyList<OverlapView> OverlapsOf(Guid claimId) =>
        [.. _overlaps.Values.Where(overlap => overlap.A.ClaimId == claimId || overlap.B.ClaimId == claimId).Select(View)];

    /// <summary>Everything that a decision rests on, so that two states can be compared.</summary>
    public static string Describe(IdentifierState state) =>
        string.Join(
            '\n',
            state.LiveClaims.OrderBy(claim => claim.Id).Select(claim => claim.ToString())
                .Prepend(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{state.Version} {state.Hazard} {state.IsCrowd} {state.LiveCount} {state.Weight} {state.NextDue(new Policy())} {state.Claims.HeldCount} {state.Claims.CountableAgencies}")));

    public static string Describe(Decision decision) =>
        string.Join(
            '\n',
            decision.Events.Select(fact => fact.ToString())
                .Concat(decision.Disclosures.Select(disclosed => disclosed.ToString()))
                .Concat(decision.Answer.Pointers.Select(pointer => pointer.ToString()))
                .Concat(decision.Answer.OwnClaims.Select(claim => claim.ToString()))
                .Append($"{decision.Answer with { Pointers = [], OwnClaims = [] }}"));

    private void Commit(Decision decision)
    {
        foreach (var fact in decision.Events)
        {
            State.Apply(fact);
            switch (fact)
            {
                case IdentifierEvent.ClaimMade made:
                    _claims.Add(made.Claim.Id, made.Claim);
                    break;
                case IdentifierEvent.ClaimChanged changed:
                    _claims[changed.Claim.Id] = changed.Claim;
                    break;
                case IdentifierEvent.ClaimEnded ended:
                    _claims[ended.Claim.Id] = ended.Claim;
                    break;
                case IdentifierEvent.OverlapFound found:
                    _overlaps.Add(found.Overlap.Id, found.Overlap);
                    break;
                case IdentifierEvent.OverlapChanged changed:
                    _overlaps[changed.Overlap.Id] = changed.Overlap;
                    break;
            }
        }

        if (decision.ChangesState)
        {
            State.Committed(State.Version + 1);
        }
    }
}

/// <summary>Short names for what tests say again and again.</summary>
internal static class Given
{
    private static int _drafts = 1_000_000;

    public static AgencyId Agency(string id) => AgencyId.Parse(id);

    public static Claim Draft(
        string agency,
        Disclosure disclosure = Disclosure.Open,
        AgencyRole role = AgencyRole.LawEnforcement,
        string @case = "case-1",
        Window? window = null,
        int? port = null) => new()
        {
            Id = CountingIds.Of(Interlocked.Increment(ref _drafts)),
            Agency = Agency(agency),
            Role = role,
            Case = @case,
            Disclosure = disclosure,
            Window = window,
            Port = port,
            Sealed = new byte[] { 1 },
        };

    public static Window Hours(double from, double until, double toleranceHours = 0) =>
        new(Bench.Start.AddHours(from), Bench.Start.AddHours(until), TimeSpan.FromHours(toleranceHours));

    public static Decision Make(this Bench bench, Claim draft, string? hazard = null, TimeSpan? lifetime = null) =>
        bench.Run(new Command.MakeClaim(draft, lifetime, hazard));

    public static Decision Make(
        this Bench bench,
        string agency,
        Disclosure disclosure = Disclosure.Open,
        AgencyRole role = AgencyRole.LawEnforcement,
        string? hazard = null) => bench.Make(Draft(agency, disclosure, role), hazard);

    public static Decision Check(this Bench bench, string agency, Window? window = null, int? port = null, string? hazard = null) =>
        bench.Run(new Command.Check(
            Agency(agency), AgencyRole.LawEnforcement, "check-case", "because", window, port, hazard));

    public static Decision Update(this Bench bench, Claim claim, Disclosure disclosure, int? expected = null) =>
        bench.Run(new Command.UpdateClaim(
            claim.Agency, claim.Id, expected, Priority: null, Handling: null, disclosure, Sealed: null, bench.OverlapsOf(claim.Id)));

    public static Decision Release(this Bench bench, Claim claim) => bench.Run(new Command.ReleaseClaim(claim.Agency, claim.Id));

    public static Decision Renew(this Bench bench, Claim claim, TimeSpan? lifetime = null) =>
        bench.Run(new Command.RenewClaim(claim.Agency, claim.Id, lifetime));

    public static Decision Sweep(this Bench bench) => bench.Run(new Command.Sweep());

    public static IReadOnlyList<Alert> Alerts(this Decision decision) =>
        [.. decision.Events.OfType<IdentifierEvent.AlertRaised>().Select(raised => raised.Alert)];

    public static IReadOnlyList<Alert> AlertsTo(this Decision decision, string agency) =>
        [.. decision.Alerts().Where(alert => alert.To == Agency(agency))];

    public static IReadOnlyList<Overlap> Found(this Decision decision) =>
        [.. decision.Events.OfType<IdentifierEvent.OverlapFound>().Select(found => found.Overlap)];
}
