using Deconfliction.Domain.Agencies;
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

/// <summary>All that rule 2 looks at where one side of an overlap looks at the other.</summary>
/// <param name="Role">The viewing claim's role.</param>
/// <param name="Own">The viewing claim's disclosure.</param>
/// <param name="Other">The other claim's disclosure.</param>
/// <param name="Raised">The other's owner disclosed itself on this overlap.</param>
/// <param name="ContactGiven">The other's owner asked for contact.</param>
public readonly record struct Sight(AgencyRole Role, Disclosure Own, Disclosure Other, bool Raised, bool ContactGiven);

/// <summary>Rule 2 of DESIGN.md in one place: what Y sees of X.</summary>
public static class VisibilityRule
{
    private static readonly Sight[] s_all =
    [
        .. from role in Enum.GetValues<AgencyRole>()
           from own in Enum.GetValues<Disclosure>()
           from other in Enum.GetValues<Disclosure>()
           from raised in (bool[])[false, true]
           from contactGiven in (bool[])[false, true]
           select new Sight(role, own, other, raised, contactGiven),
    ];

    /// <summary>
    /// Every sight at which something is shown: for who must pick what may be seen without reading the rest, such as a database.
    /// </summary>
    public static IReadOnlyList<Sight> Seen { get; } = [.. s_all.Where(static sight => Of(sight) != Visibility.None)];

    /// <summary>Every sight at which more is shown once the other claim discloses <paramref name="other"/>.</summary>
    public static IReadOnlyList<Sight> ShownMoreAs(Disclosure other) =>
        [.. s_all.Where(sight => Of(sight with { Other = other }) > Of(sight))];

    /// <summary>Every sight at which more is seen once the viewing claim discloses <paramref name="own"/>.</summary>
    public static IReadOnlyList<Sight> SeesMoreAs(Disclosure own) => [.. s_all.Where(sight => Of(sight with { Own = own }) > Of(sight))];

    /// <summary>What the owner of <paramref name="viewer"/> sees of <paramref name="other"/>, whose side of the overlap is given.</summary>
    public static Visibility Of(Claim other, OverlapSide otherSide, Claim viewer) =>
        Of(new Sight(viewer.Role, viewer.Disclosure, other.Disclosure, otherSide.Raised, otherSide.ContactGiven));

    /// <summary>What is seen of the other side.</summary>
    public static Visibility Of(Sight sight)
    {
        if (sight.Role.IsReferrerRole())
        {
            return Visibility.None;
        }

        if (sight.Raised)
        {
            return Visibility.Open;
        }

        var shown = ByDisclosure(sight.Other, sight.Own);
        return sight.ContactGiven && shown < Visibility.Contact ? Visibility.Contact : shown;
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

    private static bool IsReferrerRole(this AgencyRole role) => !role.IsEntitledToHits();
}
