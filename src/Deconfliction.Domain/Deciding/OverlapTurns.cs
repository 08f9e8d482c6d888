using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>
/// What a side does about an overlap. Only a side that sees the other may; for everybody else there is no such overlap. A repeat is done
/// and changes nothing. Whether the claims are still live is not asked: overlaps outlive them.
/// </summary>
internal static class OverlapTurns
{
    /// <summary>An overlap from the asker's side.</summary>
    private readonly record struct Standing(OverlapView View, Claim Own, Claim Other, Visibility Sees)
    {
        public OverlapSide OwnSide => View.Overlap.SideOf(Own.Id);

        public Visibility SeenByOther => VisibilityRule.Of(Own, OwnSide, Other);

        /// <summary>The same with the asker's side changed.</summary>
        public Standing With(OverlapSide own) => this with
        {
            View = View with
            {
                Overlap = View.Overlap.A.ClaimId == own.ClaimId ? View.Overlap with { A = own } : View.Overlap with { B = own },
            },
        };
    }

    public static Decision Acknowledge(Deliberation turn, Command.AcknowledgeOverlap acknowledge)
    {
        if (Find(acknowledge.View, acknowledge.By) is not { } standing)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        if (standing.OwnSide.AcknowledgedAt is not null)
        {
            return Conclude(turn, standing);
        }

        standing = Change(turn, standing.With(standing.OwnSide with { AcknowledgedAt = turn.Now }));
        TellOther(turn, AlertKind.OverlapAcknowledged, standing);
        return Conclude(turn, standing);
    }

    public static Decision Resolve(Deliberation turn, Command.ResolveOverlap resolve)
    {
        if (resolve.Outcome == Outcome.None)
        {
            throw new ArgumentException("An overlap is resolved with an outcome; the gateway refuses none.", nameof(resolve));
        }

        if (Find(resolve.View, resolve.By) is not { } standing)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        var overlap = standing.View.Overlap;
        if (overlap.Outcome != Outcome.None)
        {
            return Conclude(turn, standing, overlap.Outcome == resolve.Outcome ? AnswerStatus.Done : AnswerStatus.AlreadyResolved);
        }

        overlap = overlap with { Outcome = resolve.Outcome, ResolvedAt = turn.Now };
        standing = Change(turn, standing with { View = standing.View with { Overlap = overlap } });
        TellOther(turn, AlertKind.OverlapResolved, standing);
        return Conclude(turn, standing);
    }

    /// <summary>
    /// Shows the asker's agency and contact. A referrer on the other side is told nothing: an asker that sees whom it would ask is told so;
    /// to one that sees it masked everything looks as with any other, for the difference would tell it what kind of agency is behind.
    /// </summary>
    public static Decision RequestContact(Deliberation turn, Command.RequestContact request)
    {
        if (Find(request.View, request.By) is not { } standing)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        var mayBeTold = standing.Other.Role.IsEntitledToHits();
        if (!mayBeTold && standing.Sees > Visibility.Masked)
        {
            return Conclude(turn, standing, AnswerStatus.CannotBeAsked);
        }

        if (standing.OwnSide.ContactGiven)
        {
            return Conclude(turn, standing);
        }

        standing = Change(turn, standing.With(standing.OwnSide with { ContactGiven = true }));
        if (mayBeTold)
        {
            var (own, other, overlapId) = (standing.Own, standing.Other, standing.View.Overlap.Id);
            var visibility = standing.SeenByOther;
            turn.Tell(
                other.Agency, AlertKind.ContactRequested, other.Id, overlapId, visibility, from: own.Agency, fromClaimId: own.Id);
            turn.Shown(new Disclosed(other.Agency, own.Agency, own.Id, overlapId, visibility));
        }

        return Conclude(turn, standing);
    }

    /// <summary>Raises the asker's side to OPEN; it stays so whatever its claim discloses later.</summary>
    public static Decision Disclose(Deliberation turn, Command.Disclose disclose)
    {
        if (Find(disclose.View, disclose.By) is not { } standing)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        if (standing.OwnSide.Raised)
        {
            return Conclude(turn, standing);
        }

        var before = standing.SeenByOther;
        standing = Change(turn, standing.With(standing.OwnSide with { Raised = true }));
        if (standing.SeenByOther > before)
        {
            TellOther(turn, AlertKind.Disclosed, standing);
        }

        return Conclude(turn, standing);
    }

    private static Standing? Find(OverlapView view, AgencyId by)
    {
        if (view.OwnOf(by) is not { } own)
        {
            return null;
        }

        var other = view.OtherOf(own);
        var sees = VisibilityRule.Of(other, view.Overlap.SideOf(other.Id), own);
        return sees == Visibility.None ? null : new Standing(view, own, other, sees);
    }

    private static Standing Change(Deliberation turn, Standing standing)
    {
        turn.Happened(new IdentifierEvent.OverlapChanged(standing.View.Overlap));
        return standing;
    }

    private static void TellOther(Deliberation turn, AlertKind kind, Standing standing) =>
        turn.TellOfOther(kind, standing.Other, standing.Own, standing.View.Overlap.Id, standing.SeenByOther);

    private static Decision Conclude(Deliberation turn, Standing standing, AnswerStatus status = AnswerStatus.Done) =>
        turn.Conclude(new Answer { Status = status, Claim = standing.Own, Overlap = standing.View });
}
