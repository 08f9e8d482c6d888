using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Tests.Identifiers;

public class IdentifierKindsTests
{
    [Fact]
    public void Name_EveryKind_IsReadBack() => Assert.All(IdentifierKinds.All, kind =>
    {
        Assert.True(IdentifierKinds.TryParse(IdentifierKinds.Name(kind), out var parsed));
        Assert.Equal(kind, parsed);
    });

    [Fact]
    public void All_HoldsEveryKindOnce() =>
        Assert.Equal(Enum.GetValues<IdentifierKind>().Length - 1, IdentifierKinds.All.Distinct().Count());

    [Theory]
    [InlineData(IdentifierKind.P2pGuid, "p2p_guid", 17)]
    [InlineData(IdentifierKind.TelegramId, "telegram_id", 23)]
    [InlineData(IdentifierKind.PhotoDna, "photodna", 11)]
    [InlineData(IdentifierKind.InfoHash, "infohash", 16)]
    [InlineData(IdentifierKind.Reference, "reference", 26)]
    public void Name_StoredKinds_NeverChange(IdentifierKind kind, string name, int number)
    {
        Assert.Equal(name, IdentifierKinds.Name(kind));
        Assert.Equal(number, (int)kind);
    }

    [Fact]
    public void Find_EveryPlatformNameAndAlias_FindsThatPlatform() => Assert.All(PlatformTable.All, platform =>
        Assert.All(platform.Aliases.Append(platform.Name), name => Assert.Same(platform, PlatformTable.Find(name.ToUpperInvariant()))));
}
