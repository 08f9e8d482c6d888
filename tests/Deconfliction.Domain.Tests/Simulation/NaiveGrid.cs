using System.Globalization;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Simulation;

/// <summary>
/// The rules once more, in the plainest way: after each step every pair of claims is looked at anew. It shares no code with the
/// decider but the records.
/// </summary>
internal sealed partial class NaiveGrid(Policy policy)
{
    private DateTimeOffset _now;

    public List<Row> Rows { get; } = [];

    public List<Pair> Pairs { get; } = [];

    public string? Hazard { get; private set; }

    public bool IsCrowd { get; private set; }

    /// <summary>A claim.</summary>
    internal sealed class Row(Claim claim)
    {
        public Claim Claim { get; set; } = claim;

        public bool Ended { get; set; }

        public bool Held { get; set; }

        public bool Noticed { get; set; }

        public bool IsReferrer => Claim.Role is AgencyRole.Hotline or AgencyRole.Industry;

        public bool IsSilent => Claim.Disclosure == Disclosure.Silent;
    }

    /// <summary>One side's deeds in a pair, and the pair.</summary>
    internal sealed record Pair(Row Older, Row Newer)
    {
        public HashSet<(Guid, string)> Did { get; } = [];

        public Outcome Outcome { get; set; }

        public Row Other(Row row) => row == Older ? Newer : Older;
    }

    /// <summary>What a step must lead to.</summary>
    internal sealed class Expected
    {
        public AnswerStatus Status { get; set; }

        public List<string> Alerts { get; } = [];

        public List<string> Pairs { get; } = [];

        public List<string> Pointers { get; } = [];

        public string? Hazard { get; set; }

        public string? Band { get; set; }
    }

    public Expected Take(Command command, DateTimeOffset now)
    {
        _now = now;
        var expected = new Expected();
        switch (command)
        {
            case Command.MakeClaim make:
                Make(make, expected);
                break;
            case Command.Check check:
                Check(check, expected);
                break;
            case Command.UpdateClaim update:
                WithOwn(update.By, update.ClaimId, expected, row => Update(row, update, expected));
                break;
            case Command.RenewClaim renew:
                WithOwn(renew.By, renew.ClaimId, expected, row => Renew(row, renew, expected));
                break;
            case Command.ReleaseClaim release:
                WithOwn(release.By, release.ClaimId, expected, row => Release(row, expected));
                break;
            case Command.Sweep:
                KeepUp(expected);
                Notices(expected);
                break;
            case Command.SetHazard set:
                if (set.Hazard != Hazard)
                {
                    Hazard = set.Hazard;
                    KeepUp(expected);
                }

                LiftHold();
                FindPairs(expected);
                break;
            case Command.RequestCrowdContact request:
                WithOwn(request.By, request.ClaimId, expected, row => AskCrowd(row, expected));
                break;
            case Command.AcknowledgeOverlap acknowledge:
                OnPair(acknowledge.By, acknowledge.View, expected, (row, pair) => Acknowledge(row, pair, expected));
                break;
            case Command.ResolveOverlap resolve:
                OnPair(resolve.By, resolve.View, expected, (row, pair) => Resolve(row, pair, resolve.Outcome, expected));
                break;
            case Command.RequestContact request:
                OnPair(request.By, request.View, expected, (row, pair) => Ask(row, pair, expected));
                break;
            case Command.Disclose disclose:
                OnPair(disclose.By, disclose.View, expected, (row, pair) => Disclose(row, pair, expected));
                break;
        }

        return expected;
    }

    /// <summary>What the owner of one row sees of the other.</summary>
    public static Visibility Sees(Row viewer, Row other, Pair? pair)
    {
        if (viewer.IsReferrer)
        {
            return Visibility.None;
        }

        if (other.Claim.Disclosure == Disclosure.Open || Did(pair, other, "disclose"))
        {
            return Visibility.Open;
        }

        if (Did(pair, other, "ask"))
        {
            return Visibility.Contact;
        }

        return other.IsSilent && !viewer.IsSilent ? Visibility.None : Visibility.Masked;
    }

    public bool IsLive(Row row) => !row.Ended && _now < row.Claim.ExpiresAt;

    public static string Alert(string to, string kind, Guid own, Guid? other, Visibility visibility, string? from = null, string? note = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{to} {kind} {own} {other} {visibility} {from} {note}");

    private static bool Did(Pair? pair, Row row, string deed) => pair is not null && pair.Did.Contains((row.Claim.Id, deed));

    private static bool Meet(Claim one, Claim other) =>
        (one.Window is not { } mine || other.Window is not { } theirs
            || (mine.From - mine.Tolerance < theirs.Until + theirs.Tolerance && theirs.From - theirs.Tolerance < mine.Until + mine.Tolerance))
        && (one.Port is null || other.Port is null || one.Port == other.Port);

    private int Agencies() => Rows.Where(row => IsLive(row) && !row.IsSilent).DistinctBy(row => row.Claim.Agency).Count();

    // The policy of the stories: reopens below 3.
    private string Band() => Agencies() <= 25 ? "3-25" : "26-50";

    private void KeepUp(Expected expected)
    {
        Rows.ForEach(row => row.Ended |= !IsLive(row));
        if (!IsCrowd && Agencies() > policy.CrowdCap)
        {
            IsCrowd = true;
            TellCrowd(expected);
        }
        else if (IsCrowd && Agencies() < policy.CrowdReopensBelow)
        {
            IsCrowd = false;
            LiftHold();
        }

        FindPairs(expected);
    }

    private void LiftHold()
    {
        if (Hazard is null && !IsCrowd)
        {
            Rows.Where(IsLive).ToList().ForEach(row => row.Held = false);
        }
    }

    // Every pair anew: two that are live, of different agencies, meet, and are not held.
    private void FindPairs(Expected expected)
    {
        for (var i = 0; i < Rows.Count; i++)
        {
            for (var j = i + 1; j < Rows.Count; j++)
            {
                var (older, newer) = (Rows[i], Rows[j]);
                if (IsLive(older) && IsLive(newer) && !older.Held && !newer.Held && older.Claim.Agency != newer.Claim.Agency
                    && Meet(older.Claim, newer.Claim) && !Pairs.Exists(pair => pair.Older == older && pair.Newer == newer))
                {
                    Pairs.Add(new Pair(older, newer));
                    expected.Pairs.Add($"{older.Claim.Id} {newer.Claim.Id}");
                    Tell(expected, "OverlapFound", older, newer, Sees(older, newer, null));
                    Tell(expected, "OverlapFound", newer, older, Sees(newer, older, null));
                }
            }
        }
    }

    private static void Tell(Expected expected, string kind, Row to, Row about, Visibility sees)
    {
        if (sees != Visibility.None)
        {
            expected.Alerts.Add(Alert(to.Claim.Agency.Value, kind, to.Claim.Id, about.Claim.Id, sees));
        }
    }

    private List<Row> Claimants() =>
        [.. Rows.Where(row => IsLive(row) && !row.IsReferrer).DistinctBy(row => row.Claim.Agency)];

    private void TellCrowd(Expected expected) =>
        Claimants().ForEach(row => expected.Alerts.Add(
            Alert(row.Claim.Agency.Value, "Crowd", row.Claim.Id, null, Visibility.None, note: Band())));

    private void Make(Command.MakeClaim make, Expected expected)
    {
        var draft = make.Draft;
        var isReferrer = draft.Role is AgencyRole.Hotline or AgencyRole.Industry;
        if (Rows.Exists(row => IsLive(row) && row.Claim.Agency == draft.Agency && row.Claim.Case == draft.Case
            && row.Claim.Window == draft.Window && row.Claim.Port == draft.Port))
        {
            expected.Status = AnswerStatus.Duplicate;
            Told(make.Hazard, IsCrowd && Agencies() >= policy.CrowdReopensBelow);
            return;
        }

        if (draft.Disclosure != Disclosure.Silent)
        {
            Hazard = make.Hazard;
            KeepUp(expected);
            LiftHold();
            FindPairs(expected);
        }

        var isFirst = !Rows.Exists(row => IsLive(row) && row.Claim.Agency == draft.Agency);
        var row = new Row(draft with { CreatedAt = _now, ExpiresAt = _now + (make.Lifetime ?? policy.DefaultLifetime) });
        Rows.Add(row);
        var forms = !IsCrowd && !row.IsSilent && Agencies() > policy.CrowdCap;
        IsCrowd |= forms;
        row.Held = Hazard is not null || make.Hazard is not null || IsCrowd;
        if (forms)
        {
            TellCrowd(expected);
        }
        else if (IsCrowd && isFirst && !isReferrer)
        {
            expected.Alerts.Add(Alert(draft.Agency.Value, "Crowd", draft.Id, null, Visibility.None, note: Band()));
        }

        FindPairs(expected);
        expected.Pointers.AddRange(Pairs
            .Where(pair => pair.Newer == row && Sees(row, pair.Older, null) != Visibility.None)
            .Select(pair => $"{pair.Older.Claim.Id} {Sees(row, pair.Older, null)}"));
        Told(make.Hazard ?? Hazard, IsCrowd);

        void Told(string? hazard, bool isCrowd)
        {
            expected.Hazard = isReferrer ? null : hazard;
            expected.Band = isReferrer || !isCrowd ? null : Band();
        }
    }

    private void Check(Command.Check check, Expected expected)
    {
        var isCrowd = IsCrowd && Agencies() >= policy.CrowdReopensBelow;
        expected.Hazard = check.Hazard;
        expected.Band = isCrowd ? Band() : null;
        if (check.Hazard is not null || isCrowd)
        {
            return;
        }

        var probe = new Claim { Id = default, Agency = check.By, Role = check.Role, Case = "", Sealed = default, Window = check.Window, Port = check.Port };
        var hits = Rows.Where(row => IsLive(row) && row.Claim.Agency != check.By && Meet(row.Claim, probe)).ToList();
        expected.Pointers.AddRange(hits.Where(row => !row.IsSilent).Select(row => $"{row.Claim.Id} {(Visibility)(row.Claim.Disclosure == Disclosure.Open ? 3 : 1)}"));
        expected.Alerts.AddRange(hits.Where(row => !row.IsReferrer).DistinctBy(row => row.Claim.Agency).Select(row =>
            Alert(row.Claim.Agency.Value, "ClaimChecked", row.Claim.Id, null, Visibility.Open, check.By.Value, "why")));
    }

    private void WithOwn(AgencyId by, Guid id, Expected expected, Action<Row> act)
    {
        var row = Rows.Find(one => one.Claim.Id == id && one.Claim.Agency == by);
        if (row is null || !IsLive(row))
        {
            expected.Status = row is null ? AnswerStatus.NotFound : AnswerStatus.Ended;
            return;
        }

        act(row);
    }

    private void Update(Row row, Command.UpdateClaim update, Expected expected)
    {
        if (update.ExpectedRevision is { } revision && revision != row.Claim.Revision)
        {
            expected.Status = AnswerStatus.Outdated;
            return;
        }

        var before = row.Claim;
        var after = before with { Priority = update.Priority ?? before.Priority, Disclosure = update.Disclosure ?? before.Disclosure };
        if (after == before)
        {
            return;
        }

        var mine = Pairs.Where(pair => pair.Older == row || pair.Newer == row).ToList();
        var seen = mine.ConvertAll(pair => (Sees(pair.Other(row), row, pair), Sees(row, pair.Other(row), pair)));
        row.Claim = after with { Revision = before.Revision + 1 };
        for (var i = 0; i < mine.Count; i++)
        {
            var other = mine[i].Other(row);
            var (byOther, byMe) = (Sees(other, row, mine[i]), Sees(row, other, mine[i]));
            Tell(expected, "Disclosed", other, row, byOther > seen[i].Item1 ? byOther : Visibility.None);
            Tell(expected, "Disclosed", row, other, byMe > seen[i].Item2 ? byMe : Visibility.None);
        }

        if (before.Disclosure != Disclosure.Silent || after.Disclosure != Disclosure.Silent)
        {
            KeepUp(expected);
        }
    }

    private void Renew(Row row, Command.RenewClaim renew, Expected expected)
    {
        var expiresAt = _now + (renew.Lifetime ?? policy.DefaultLifetime);
        if (expiresAt > row.Claim.ExpiresAt)
        {
            row.Claim = row.Claim with { ExpiresAt = expiresAt, Revision = row.Claim.Revision + 1 };
            row.Noticed = false;
            KeepUpUnlessSilent(row, expected);
        }
    }

    private void Release(Row row, Expected expected)
    {
        row.Ended = true;
        KeepUpUnlessSilent(row, expected);
    }

    private void KeepUpUnlessSilent(Row row, Expected expected)
    {
        if (!row.IsSilent)
        {
            KeepUp(expected);
        }
    }

    private void Notices(Expected expected)
    {
        foreach (var row in Rows.Where(row => IsLive(row) && !row.Noticed && row.Claim.ExpiresAt - policy.ExpiryNotice <= _now))
        {
            row.Noticed = true;
            expected.Alerts.Add(Alert(row.Claim.Agency.Value, "ClaimExpiring", row.Claim.Id, null, Visibility.None));
        }
    }

    private void AskCrowd(Row row, Expected expected)
    {
        if (row.IsReferrer || !IsCrowd || Agencies() < policy.CrowdReopensBelow)
        {
            expected.Status = AnswerStatus.NotACrowd;
            return;
        }

        expected.Band = Band();
        expected.Alerts.AddRange(Claimants().Where(other => other.Claim.Agency != row.Claim.Agency).Select(other =>
            Alert(other.Claim.Agency.Value, "ContactRequested", other.Claim.Id, row.Claim.Id, Visibility.Contact, row.Claim.Agency.Value)));
    }
}
