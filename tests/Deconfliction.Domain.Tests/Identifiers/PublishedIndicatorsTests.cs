using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Tests.Identifiers;

public class PublishedIndicatorsTests
{
    [PublishedIndicatorsFact]
    public void Canonicalise_PublishedLists_RefusesExactlyTheSixThatAreNoAddresses()
    {
        var rows = PublishedIndicators.Agencies.SelectMany(PublishedIndicators.Rows).ToList();
        var refused = rows.Where(row => !Canonicaliser.Canonicalise(row.Kind, row.Value).IsAccepted).ToList();

        Assert.Equal(60_786, rows.Count);
        Assert.Equal(6, refused.Count);
        Assert.All(refused, row => Assert.Equal("NOT_AN_IPV4_ADDRESS", Canonicaliser.Canonicalise(row.Kind, row.Value).Refusal!.Reason));
    }

    [PublishedIndicatorsFact]
    public void Canonicalise_PublishedLists_FindsEveryRepeatWithinAFile()
    {
        var lists = PublishedIndicators.Agencies.Select(Accepted).ToList();

        Assert.Equal(57_480, lists.Sum(list => list.Distinct().Count()));
        Assert.Equal(3_300, lists.Sum(list => list.Count - list.Distinct().Count()));
    }

    [PublishedIndicatorsFact]
    public void Canonicalise_PublishedLists_FindsExactlyThePublishedOverlaps()
    {
        var found = PublishedIndicators.Agencies
            .SelectMany(agency => Accepted(agency).Distinct().Select(identifier => (identifier, agency)))
            .GroupBy(pair => pair.identifier, pair => pair.agency)
            .Where(group => group.Count() > 1)
            .Select(group => $"{IdentifierKinds.Name(group.Key.Kind)}\t{group.Key.Canonical}\t{string.Join(',', group)}")
            .Order(StringComparer.Ordinal);

        var published = File.ReadLines(Path.Combine(PublishedIndicators.Folder!, "overlaps.tsv")).Skip(1).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(81, published.Count);
        Assert.Equal(published, found);
    }

    [PublishedIndicatorsFact]
    public void Find_PublishedOverlaps_HoldsOnlyTheZeroAddressForAHazard()
    {
        var hazards = PublishedIndicators.Rows("overlaps")
            .Where(row => HazardCatalogue.BuiltIn.Find(Canonicaliser.Canonicalise(row.Kind, row.Value).Identifier!) is not null)
            .Select(row => row.Value);

        Assert.Equal(["0.0.0.0"], hazards);
    }

    private static List<Identifier> Accepted(string agency) =>
        [.. PublishedIndicators.Rows(agency).Select(row => Canonicaliser.Canonicalise(row.Kind, row.Value).Identifier).OfType<Identifier>()];
}
