using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Keys;

namespace Deconfliction.Gateway.Tests.Keys;

public sealed class TaggerTests
{
    private static readonly KeyRing s_ring = KeyRing.Create();

    [Fact]
    public void Tag_SameIdentifier_IsTheSame() =>
        Assert.Equal(
            new Tagger(s_ring).Tag(new Identifier(IdentifierKind.Ip, "20.0.0.1")),
            new Tagger(s_ring).Tag(new Identifier(IdentifierKind.Ip, "20.0.0.1")));

    [Fact]
    public void Tag_OtherKindValueOrKey_IsAnother()
    {
        var tagger = new Tagger(s_ring);
        var tags = new[]
        {
            tagger.Tag(new Identifier(IdentifierKind.Domain, "example.org")),
            tagger.Tag(new Identifier(IdentifierKind.Onion, "example.org")),
            tagger.Tag(new Identifier(IdentifierKind.Domain, "example.orf")),
            new Tagger(KeyRing.Create()).Tag(new Identifier(IdentifierKind.Domain, "example.org")),
        };
        Assert.Equal(4, tags.Select(tag => tag.Tag).Distinct().Count());
    }

    [Fact]
    public void Tag_LongAndNotAscii_IsTheHmacOfKindAndUtf8()
    {
        var value = string.Concat(Enumerable.Repeat("é漢😀", 200));
        byte[] message = [(byte)IdentifierKind.Url, .. System.Text.Encoding.UTF8.GetBytes(value)];
        var expected = System.Security.Cryptography.HMACSHA256.HashData(s_ring.Current.TagKey, message);
        Assert.Equal(expected, new Tagger(s_ring).Tag(new Identifier(IdentifierKind.Url, value)).Tag.ToArray());
    }
}
