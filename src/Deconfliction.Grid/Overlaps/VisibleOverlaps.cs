using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Grid.Overlaps;

/// <summary>Rule 2 applied to an overlap that was read: the one way from a record to what an agency is shown.</summary>
internal static class VisibleOverlaps
{
    /// <summary>The overlap as the agency sees it; nothing where it is no side of it or may not see it.</summary>
    public static VisibleOverlap? See(OverlapView view, AgencyId agency)
    {
        if (view.OwnOf(agency) is not { } own)
        {
            return null;
        }

        var other = view.OtherOf(own);
        var otherSide = view.Overlap.SideOf(other.Id);
        var visibility = VisibilityRule.Of(other, otherSide, own);
        return visibility == Visibility.None
            ? null
            : new VisibleOverlap(
                new Pointer(view.Overlap.Id, own.Id, visibility, other, view.Overlap.WindowAssumed) { Overlap = view.Overlap },
                view.Overlap,
                own,
                AcknowledgedByMe: view.Overlap.SideOf(own.Id).AcknowledgedAt is not null,
                AcknowledgedByOther: otherSide.AcknowledgedAt is not null);
    }

    /// <summary>What showing a pointer discloses.</summary>
    public static Disclosed Disclosure(AgencyId to, Pointer shown) =>
        new(to, shown.Other.Agency, shown.Other.Id, shown.OverlapId, shown.Visibility);
}
