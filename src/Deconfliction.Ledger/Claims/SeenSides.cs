using System.Globalization;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Ledger.Claims;

/// <summary>
/// Rule 2 as a condition of a query, in words that both databases know. The rule itself stays the domain's: each of its sights is one
/// number, and the query compares an overlap's number with those at which something is shown.
/// </summary>
internal static class SeenSides
{
    private static readonly string s_seen = Numbers(VisibilityRule.Seen);

    /// <summary>Holds where the owner of side <paramref name="own"/> of the overlap called <c>o</c> sees something of the other side.</summary>
    /// <param name="own">The viewing side, <c>a</c> or <c>b</c>.</param>
    /// <remarks>A subquery of one row, not a join: the planner must go on reading the overlaps in the order of their ids.</remarks>
    public static string Condition(string own) => $"{SightOf(own)} IN ({s_seen})";

    /// <summary>
    /// Holds where either side sees more once the claim of side <paramref name="own"/> discloses <paramref name="disclosure"/>: who is told
    /// of that change.
    /// </summary>
    public static string MoreCondition(string own, Disclosure disclosure)
    {
        (string Side, IReadOnlyList<Sight> Sights)[] sides =
            [(Other(own), VisibilityRule.ShownMoreAs(disclosure)), (own, VisibilityRule.SeesMoreAs(disclosure))];
        return $"({string.Join(
            " OR ", sides.Where(static one => one.Sights.Count > 0).Select(static one => $"{SightOf(one.Side)} IN ({Numbers(one.Sights)})"))})";
    }

    private static string SightOf(string own)
    {
        var other = Other(own);
        return "(SELECT mine.role * 1000 + mine.disclosure * 100 + theirs.disclosure * 10"
            + $" + CAST(o.raised_{other} AS integer) * 2 + CAST(o.contact_given_{other} AS integer)"
            + $" FROM claim mine CROSS JOIN claim theirs WHERE mine.id = o.claim_{own} AND theirs.id = o.claim_{other})";
    }

    private static string Other(string side) => side == "a" ? "b" : "a";

    private static string Numbers(IEnumerable<Sight> sights) =>
        string.Join(", ", sights.Select(static sight => Number(sight).ToString(CultureInfo.InvariantCulture)));

    private static int Number(Sight sight) =>
        ((int)sight.Role * 1000) + ((int)sight.Own * 100) + ((int)sight.Other * 10) + (sight.Raised ? 2 : 0) + (sight.ContactGiven ? 1 : 0);
}
