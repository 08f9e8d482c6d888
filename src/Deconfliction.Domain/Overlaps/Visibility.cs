using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Overlaps;

/// <summary>How much of the other side is shown. Ordered: more is greater.</summary>
public enum Visibility
{
    /// <summary>Nothing: for the viewer there is no such overlap.</summary>
    None = 0,

    /// <summary>That it exists, and its reference.</summary>
    Masked = 1,

    /// <summary>Agency and contact (the other side asked to be contacted).</summary>
    Contact = 2,

    /// <summary>Agency, contact and case reference.</summary>
    Open = 3,
}

/// <summary>Rule 2 of DESIGN.md in one place: what Y sees of X.</summary>
public static class VisibilityRule
{
    /// <summary>What the owner of <paramref name="viewer"/> sees of <paramref name="other"/>, whose side of the overlap is given.</summary>
    public static Visibility Of(Claim other, OverlapSide otherSide, Claim viewer)
    {
        if (viewer.Role.IsReferrerRole())
        {
            return Visibility.None;
        }

        if (otherSide.Raised)
        {
            return Visibility.Open;
        }

        var shown = ByDisclosure(other.Disclosure, viewer.Disclosure);
        return otherSide.ContactGiven && shown < Visibility.Contact ? Visibility.Contact : shown;
    }

    /// <summary>What two claims that have just met show of <paramref name="other"/> to the owner of <paramref name="viewer"/>.</summary>
    public static Visibility Of(Claim other, Claim viewer) =>
        viewer.Role.IsReferrerRole() ? Visibility.None : ByDisclosure(other.Disclosure, viewer.Disclosure);

    /// <summary>What a check, which has no claim of its own, sees of a claim.</summary>
    public static Visibility OfCheck(Claim other) => other.Disclosure switch
    {
        Disclosure.Open => Visibility.Open,
        Disclosure.Masked => Visibility.Masked,
        _ => Visibility.None,
    };

    // Two SILENT claims that meet see each other as MASKED: otherwise neither would ever know.
    private static Visibility ByDisclosure(Disclosure other, Disclosure viewer) => other switch
    {
        Disclosure.Open => Visibility.Open,
        Disclosure.Masked => Visibility.Masked,
        _ => viewer == Disclosure.Silent ? Visibility.Masked : Visibility.None,
    };

    private static bool IsReferrerRole(this Agencies.AgencyRole role) => !Agencies.AgencyRoles.IsEntitledToHits(role);
}
