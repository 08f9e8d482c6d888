using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Domain.Tests.Deciding;

namespace Deconfliction.Domain.Tests.Simulation;

/// <summary>What somebody does at a time. It names claims only, so that the same story can be told without some of its steps.</summary>
internal sealed record Step(int Number, DateTimeOffset At, AgencyId? By, Func<Bench, Command?> Ask, string Text);

/// <summary>One member of a story.</summary>
internal sealed record Member(AgencyId Id, AgencyRole Role, Disclosure[] Discloses);

/// <summary>A random history of one identifier, made from a seed.</summary>
internal sealed class Story
{
    private readonly Random _random;
    private readonly List<(Claim Draft, Member Owner)> _claims = [];
    private readonly List<Step> _steps = [];
    private (Claim One, Claim Other)? _lastPair;
    private string? _catalogue;
    private DateTimeOffset _at = Bench.Start;

    private Story(int seed) => _random = new Random(seed);

    /// <summary>Never SILENT: whoever watches them must notice no SILENT claim.</summary>
    public static readonly Member[] Plain =
    [
        new(Given.Agency("plain-one"), AgencyRole.LawEnforcement, [Disclosure.Open, Disclosure.Masked]),
        new(Given.Agency("plain-two"), AgencyRole.InternationalBody, [Disclosure.Open, Disclosure.Masked]),
        new(Given.Agency("plain-three"), AgencyRole.LawEnforcement, [Disclosure.Open]),
    ];

    /// <summary>All its claims are SILENT, and it never shows itself.</summary>
    public static readonly Member Silent = new(Given.Agency("silent"), AgencyRole.LawEnforcement, [Disclosure.Silent]);

    public static readonly Member[] Referrers =
    [
        new(Given.Agency("hotline"), AgencyRole.Hotline, [Disclosure.Open, Disclosure.Masked, Disclosure.Silent]),
        new(Given.Agency("industry"), AgencyRole.Industry, [Disclosure.Open, Disclosure.Masked]),
    ];

    private static readonly Member[] Any =
    [
        new(Given.Agency("mixed-one"), AgencyRole.LawEnforcement, [Disclosure.Open, Disclosure.Masked, Disclosure.Silent]),
        new(Given.Agency("mixed-two"), AgencyRole.InternationalBody, [Disclosure.Masked, Disclosure.Silent]),
        new(Given.Agency("mixed-three"), AgencyRole.LawEnforcement, [Disclosure.Open, Disclosure.Silent]),
    ];

    private static readonly Member[] All = [.. Plain, Silent, .. Referrers, .. Any, .. Any];

    /// <summary>Small limits, so that crowds form and dissolve and answers are cut.</summary>
    public static Policy Policy { get; } = new() { CrowdCap = 3, CrowdReopensBelow = 3, PointersPerAnswer = 2 };

    public static IReadOnlyList<Step> Of(int seed, int length)
    {
        var story = new Story(seed);
        while (story._steps.Count < length)
        {
            story.Next();
        }

        return story._steps;
    }

    private void Next()
    {
        _at = _at.AddHours(_random.Next(3) == 0 ? _random.Next(24 * 6) : _random.Next(6));
        if (_random.Next(12) == 0)
        {
            _catalogue = _catalogue is null ? $"HAZARD_{_random.Next(2)}" : null;
        }

        var by = All[_random.Next(All.Length)];
        switch (_random.Next(20))
        {
            case < 8:
                Claim(by);
                break;
            case 8 or 9 when by.Role.IsEntitledToHits() && by != Silent:
                var (window, port, hazard) = (Window(), Port(), _catalogue);
                Add(by, $"checks {Text(window)} {port} {hazard}", _ => new Command.Check(by.Id, by.Role, "check", "why", window, port, hazard));
                break;
            case 10:
                Add(null, "sweep", _ => new Command.Sweep());
                break;
            case 11 when _random.Next(2) == 0:
                var reason = _catalogue;
                Add(null, $"catalogue says {reason}", _ => new Command.SetHazard(reason));
                break;
            default:
                if (_claims.Count > 0)
                {
                    var (draft, owner) = _claims[^(1 + _random.Next(Math.Min(12, _claims.Count)))];
                    OnClaim(_random.Next(12) == 0 ? by : owner, draft);
                }

                break;
        }
    }

    private void Claim(Member by)
    {
        var draft = Given.Draft(
            by.Id.Value, by.Discloses[_random.Next(by.Discloses.Length)], by.Role, $"case-{_random.Next(2)}", Window(), Port())
            with
        { Id = CountingIds.Of(0x10_0000 + _steps.Count) };
        TimeSpan? life = _random.Next(4) == 0 ? null : TimeSpan.FromDays(_random.Next(1, 40));
        var hazard = _catalogue;
        _claims.Add((draft, by));
        Add(
            by,
            $"claims {draft.Id} {draft.Disclosure} {draft.Case} {Text(draft.Window)} {draft.Port} for {life} {hazard}",
            _ => new Command.MakeClaim(draft, life, hazard));
    }

    private void OnClaim(Member by, Claim claim)
    {
        var id = claim.Id;
        switch (_random.Next(18))
        {
            case < 2:
                var life = TimeSpan.FromDays(_random.Next(1, 40));
                Add(by, $"renews {id} for {life}", _ => new Command.RenewClaim(by.Id, id, life));
                break;
            case < 5:
                Add(by, $"releases {id}", _ => new Command.ReleaseClaim(by.Id, id));
                break;
            case < 8:
                Disclosure? disclosure = _random.Next(4) == 0 ? null : by.Discloses[_random.Next(by.Discloses.Length)];
                Priority? priority = _random.Next(2) == 0 ? (Priority)_random.Next(1, 5) : null;
                int? expected = _random.Next(3) == 0 ? _random.Next(1, 4) : null;
                Add(by, $"updates {id} {disclosure} {priority} if {expected}", bench => new Command.UpdateClaim(
                    by.Id, id, expected, priority, Handling: null, disclosure, Sealed: null, disclosure is null ? [] : bench.OverlapsOf(id)));
                break;
            case 8 when by != Silent:
                Add(by, $"asks the crowd of {id}", _ => new Command.RequestCrowdContact(by.Id, id));
                break;
            default:
                OnOverlap(claim);
                break;
        }
    }

    // Half of the time the last pair again, by either side, so that there are repeats and answers.
    private void OnOverlap(Claim claim)
    {
        var others = _claims.FindAll(other => other.Draft.Agency != claim.Agency && other.Draft.Meets(claim)).ConvertAll(other => other.Draft);
        var (one, other) = _lastPair is { } last && _random.Next(2) == 0 ? last
            : others.Count > 0 ? (claim, others[_random.Next(others.Count)])
            : (claim, claim);
        _lastPair = one == other ? null : (other, one);
        var by = All.First(member => member.Id == one.Agency);
        switch (_random.Next(4))
        {
            case 0 when by != Silent:
                OnOverlap(by, one, other, "asks", view => new Command.RequestContact(by.Id, view));
                break;
            case 1 when by != Silent:
                OnOverlap(by, one, other, "discloses", view => new Command.Disclose(by.Id, view));
                break;
            case 2:
                var outcome = (Outcome)_random.Next(1, 3);
                OnOverlap(by, one, other, $"resolves {outcome}", view => new Command.ResolveOverlap(by.Id, view, outcome));
                break;
            default:
                OnOverlap(by, one, other, "acknowledges", view => new Command.AcknowledgeOverlap(by.Id, view));
                break;
        }
    }

    // Where there is no such overlap nothing is asked, which tells the asker what NotFound would.
    private void OnOverlap(Member by, Claim one, Claim other, string text, Func<OverlapView, Command> ask) =>
        Add(by, $"{text} {one.Id} {other.Id}", bench => bench.View(one.Id, other.Id) is { } view ? ask(view) : null);

    private void Add(Member? by, string text, Func<Bench, Command?> ask) =>
        _steps.Add(new Step(_steps.Count, _at, by?.Id, ask, $"{_steps.Count} {_at:MM-dd HH:mm} {by?.Id} {text}"));

    private Window? Window()
    {
        var start = _random.Next(6);
        return _random.Next(2) == 0 ? null : Given.Hours(start, start + _random.Next(1, 4), _random.Next(2));
    }

    private static string Text(Window? window) =>
        window is { } one ? $"[{one.From:HH}-{one.Until:HH}]~{one.Tolerance.TotalHours}" : "always";

    private int? Port() => _random.Next(3) == 0 ? _random.Next(1, 3) : null;
}
