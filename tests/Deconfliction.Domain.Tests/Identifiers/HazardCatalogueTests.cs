using Deconfliction.Domain.Identifiers;
using static Deconfliction.Domain.Identifiers.IdentifierKind;

namespace Deconfliction.Domain.Tests.Identifiers;

public class HazardCatalogueTests
{
    /// <summary>Each block of RFC 6890 and IANA's registries: one before, first, last, one after.</summary>
    [Theory]
    [InlineData(null, "0.0.0.0", "0.255.255.255", "1.0.0.0")]
    [InlineData("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0")]
    [InlineData("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0")]
    [InlineData("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0")]
    [InlineData("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0")]
    [InlineData("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0")]
    [InlineData("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0")]
    [InlineData("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0")]
    [InlineData("192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0")]
    [InlineData("192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0")]
    [InlineData("192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0")]
    [InlineData("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0")]
    [InlineData("192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0")]
    [InlineData("198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0")]
    [InlineData("198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0")]
    [InlineData("203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0")]
    [InlineData("223.255.255.255", "224.0.0.0", "255.255.255.255", null)]
    [InlineData(null, "::", "::1", "::2")]
    [InlineData("64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9b::1:0:0")]
    [InlineData("64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "64:ff9b:2::")]
    [InlineData("ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "100::", "100:0:0:1:ffff:ffff:ffff:ffff", "100:0:0:2::")]
    [InlineData("2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::")]
    [InlineData("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::")]
    [InlineData("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::")]
    [InlineData("2620:4f:7fff:ffff:ffff:ffff:ffff:ffff", "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::")]
    [InlineData("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::")]
    [InlineData("5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f01::")]
    [InlineData("fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::")]
    [InlineData("fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null)]
    [InlineData(null, "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null)]
    public void Find_EdgesOfASpecialPurposeBlock_HoldsTheInsideOnly(string? before, string first, string last, string? after)
    {
        Assert.Equal("SPECIAL_PURPOSE_ADDRESS", ReasonOf(Ip, first));
        Assert.Equal("SPECIAL_PURPOSE_ADDRESS", ReasonOf(Ip, last));
        Assert.Null(before is null ? null : ReasonOf(Ip, before));
        Assert.Null(after is null ? null : ReasonOf(Ip, after));
    }

    [Theory]
    [InlineData(Ip, "1.1.1.1", "PUBLIC_RESOLVER")]
    [InlineData(Ip, "8.8.8.8", "PUBLIC_RESOLVER")]
    [InlineData(Ip, "9.9.9.9", "PUBLIC_RESOLVER")]
    [InlineData(Ip, "2606:4700:4700::1111", "PUBLIC_RESOLVER")]
    [InlineData(Ip, "2620:FE::FE", "PUBLIC_RESOLVER")]
    [InlineData(Ip, "::ffff:10.0.0.1", "SPECIAL_PURPOSE_ADDRESS")]
    [InlineData(Ip, "1.1.1.4", null)]
    [InlineData(Ip, "8.8.8.9", null)]
    [InlineData(Md5, "d41d8cd98f00b204e9800998ecf8427e", "EMPTY_INPUT_HASH")]
    [InlineData(Sha1, "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "EMPTY_INPUT_HASH")]
    [InlineData(Sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "EMPTY_INPUT_HASH")]
    [InlineData(Md5, "00000000000000000000000000000000", "PLACEHOLDER")]
    [InlineData(Md5, "d41d8cd98f00b204e9800998ecf8427f", null)]
    [InlineData(Mac, "ff:ff:ff:ff:ff:ff", "GROUP_MAC")]
    [InlineData(Mac, "01:00:5e:00:00:01", "GROUP_MAC")]
    [InlineData(Mac, "00:00:00:00:00:00", "PLACEHOLDER")]
    [InlineData(Mac, "02:00:00:00:00:01", "RANDOMISED_MAC")]
    [InlineData(Mac, "da:a1:19:00:00:01", "RANDOMISED_MAC")]
    [InlineData(Mac, "00:53:00:00:00:01", null)]
    [InlineData(P2pGuid, "gnutella:00000000000000000000000000000000", "PLACEHOLDER")]
    [InlineData(P2pGuid, "gnutella:ffffffffffffffffffffffffffffffff", "PLACEHOLDER")]
    [InlineData(P2pGuid, "emule:00000000000e00000000000000006f00", "PLACEHOLDER")]
    [InlineData(P2pGuid, "gnutella:0123456789abcdef0123456789abcdef", null)]
    [InlineData(Imei, "000000000000000", "PLACEHOLDER")]
    [InlineData(Pdq, "0000000000000000000000000000000000000000000000000000000000000000", "FEATURELESS_IMAGE_HASH")]
    [InlineData(IdentifierKind.Domain, "www.example.com", "SPECIAL_USE_DOMAIN")]
    [InlineData(IdentifierKind.Domain, "printer.local", "SPECIAL_USE_DOMAIN")]
    [InlineData(IdentifierKind.Domain, "notexample.com", null)]
    [InlineData(Email, "user@example.org", null)]
    public void Find_BuiltInFact_GivesItsReason(IdentifierKind kind, string value, string? reason) => Assert.Equal(reason, ReasonOf(kind, value));

    [Fact]
    public void Find_EmptyInputHashes_AreThoseOfTheBcl()
    {
        Assert.Equal("EMPTY_INPUT_HASH", ReasonOf(Sha256, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([]))));
        Assert.Equal("EMPTY_INPUT_HASH", ReasonOf(Sha512, Convert.ToHexString(System.Security.Cryptography.SHA512.HashData([]))));
    }

    [Fact]
    public void WithMispWarningList_Cidr_HoldsTheBlock()
    {
        var catalogue = With("cidr", "\"198.41.128.0/17\", \"5.6.7.8\", \"2a00:1450::/32\"");

        Assert.Equal("OPERATOR_LIST", ReasonOf(Ip, "198.41.128.0", catalogue));
        Assert.Equal("OPERATOR_LIST", ReasonOf(Ip, "198.41.255.255", catalogue));
        Assert.Null(ReasonOf(Ip, "198.41.127.255", catalogue));
        Assert.Null(ReasonOf(Ip, "198.42.0.0", catalogue));
        Assert.Equal("OPERATOR_LIST", ReasonOf(Ip, "5.6.7.8", catalogue));
        Assert.Null(ReasonOf(Ip, "5.6.7.9", catalogue));
        Assert.Equal("OPERATOR_LIST", ReasonOf(Ip, "2a00:1450:ffff::", catalogue));
        Assert.Null(ReasonOf(Ip, "2a00:1451::", catalogue));
        Assert.Equal("PUBLIC_RESOLVER", ReasonOf(Ip, "8.8.8.8", catalogue));
    }

    [Fact]
    public void WithMispWarningList_String_ComparesCanonicalForms()
    {
        var catalogue = With("string", "\"2001:4DD0::0:1\", \"Bücher.DE.\", \"x:@Operator\"");

        Assert.Equal("OPERATOR_LIST", ReasonOf(Ip, "2001:4dd0::1", catalogue));
        Assert.Equal("OPERATOR_LIST", ReasonOf(IdentifierKind.Domain, "xn--bcher-kva.de", catalogue));
        Assert.Equal("OPERATOR_LIST", ReasonOf(Username, "twitter:operator", catalogue));
        Assert.Null(ReasonOf(IdentifierKind.Domain, "www.bücher.de", catalogue));
    }

    [Fact]
    public void WithMispWarningList_Hostname_HoldsNamesBelowIt()
    {
        var catalogue = With("hostname", "\".cdn.net\", \"Shared.IO\"");

        Assert.Equal("OPERATOR_LIST", ReasonOf(IdentifierKind.Domain, "a.b.cdn.net", catalogue));
        Assert.Equal("OPERATOR_LIST", ReasonOf(Url, "https://shared.io:8443/x", catalogue));
        Assert.Equal("OPERATOR_LIST", ReasonOf(Email, "u@mail.shared.io", catalogue));
        Assert.Null(ReasonOf(IdentifierKind.Domain, "notshared.io", catalogue));
    }

    [Fact]
    public void WithMispWarningList_SubstringWithAttributes_IsForThoseKindsOnly()
    {
        var catalogue = HazardCatalogue.BuiltIn.WithMispWarningList(
            "sinkholes", """{"type":"substring","list":["SINKHOLE"],"matching_attributes":["domain","domain|ip"]}""");

        Assert.Equal("OPERATOR_LIST", ReasonOf(IdentifierKind.Domain, "a.sinkhole.net", catalogue));
        Assert.Null(ReasonOf(Email, "sinkhole@abc.net", catalogue));
    }

    [Theory]
    [InlineData("[]", "array \"list\"")]
    [InlineData("{\"list\":[\"10.0.0.0/8\"]}", "type")]
    [InlineData("{\"type\":\"cidr\",\"list\":[\"10.0.0.0/33\"]}", "10.0.0.0/33")]
    [InlineData("{\"type\":\"cidr\",\"list\":[\"010.0.0.0/8\"]}", "010.0.0.0/8")]
    [InlineData("{\"type\":\"cidr\",\"list\":[\"::/129\"]}", "::/129")]
    [InlineData("{\"type\":\"hostname\",\"list\":[\"a..b\"]}", "a..b")]
    [InlineData("{\"type\":\"regex\",\"list\":[\"a\"]}", "regex")]
    [InlineData("{\"type\":\"cidr\",\"list\":[\"10.0.0.0/8\", 7]}", "entry 2")]
    [InlineData("{\"type\":\"cidr\",\"list\":[\"10.0.0.0/8\"],\"matching_attributes\":[\"md5\"]}", "matching_attributes")]
    [InlineData("{", "not JSON")]
    public void WithMispWarningList_BadList_NamesTheListAndTheEntry(string json, string part)
    {
        var exception = Assert.Throws<FormatException>(() => HazardCatalogue.BuiltIn.WithMispWarningList("the list", json));

        Assert.Contains("'the list'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_AnotherList_Changes()
    {
        string[] fingerprints =
        [
            HazardCatalogue.BuiltIn.Fingerprint,
            With("cidr", "\"5.0.0.0/8\"").Fingerprint,
            With("cidr", "\"5.0.0.0/9\"").Fingerprint,
            With("string", "\"5.0.0.0\"").Fingerprint,
            HazardCatalogue.BuiltIn.WithMispWarningList("other", """{"type":"cidr","list":["5.0.0.0/8"]}""").Fingerprint,
        ];

        Assert.Equal(fingerprints.Length, fingerprints.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(fingerprints[1], With("cidr", "\"5.0.0.0/8\"").Fingerprint);
    }

    private static HazardCatalogue With(string type, string entries) =>
        HazardCatalogue.BuiltIn.WithMispWarningList("the list", $$"""{"type":"{{type}}","list":[{{entries}}]}""");

    private static string? ReasonOf(IdentifierKind kind, string value, HazardCatalogue? catalogue = null)
    {
        var canonicalisation = Canonicaliser.Canonicalise(kind, value);
        Assert.Null(canonicalisation.Refusal?.Problem);
        return (catalogue ?? HazardCatalogue.BuiltIn).Find(canonicalisation.Identifier!)?.Reason;
    }
}
