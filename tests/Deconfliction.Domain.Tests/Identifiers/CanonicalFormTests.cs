using Deconfliction.Domain.Identifiers;
using static Deconfliction.Domain.Identifiers.IdentifierKind;

namespace Deconfliction.Domain.Tests.Identifiers;

/// <summary>What is accepted and what it becomes: the pitfalls of each kind, and published vectors.</summary>
public class CanonicalFormTests
{
    [Theory]
    // RFC 5952, sections 1 and 4, and the addresses of RFC 4291, 2.2.
    [InlineData(Ip, "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData(Ip, "2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData(Ip, "2001:db8::0:1", "2001:db8::1")]
    [InlineData(Ip, "2001:DB8:0:0:0:0:2:1", "2001:db8::2:1")]
    [InlineData(Ip, "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData(Ip, "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData(Ip, "2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData(Ip, "2001:db8:0000:0:1::1", "2001:db8::1:0:0:1")]
    [InlineData(Ip, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa")]
    [InlineData(Ip, "0:0:0:0:0:0:0:0", "::")]
    [InlineData(Ip, "1:0:0:0:0:0:0:0", "1::")]
    [InlineData(Ip, "0:0:0:0:0:0:0:1", "::1")]
    [InlineData(Ip, "::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData(Ip, "::FFFF:0102:0304", "1.2.3.4")]
    [InlineData(Ip, "::1.2.3.4", "::102:304")]
    [InlineData(Ip, "64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData(Ip, " 1[.]2[.]3[.]4\t", "1.2.3.4")]
    [InlineData(Ip, "1(dot)2 [dot] 3{.}4", "1.2.3.4")]
    [InlineData(Ip, "2001[:]db8[:][:]1", "2001:db8::1")]
    [InlineData(Ip, "0.0.0.0", "0.0.0.0")]
    [InlineData(Ip, "255.255.255.255", "255.255.255.255")]
    // E-mail: the local part is exact, the domain is a name.
    [InlineData(Email, "John.Doe+Tag@EXAMPLE.Org.", "John.Doe+Tag@example.org")]
    [InlineData(Email, "user[at]example[.]org", "user@example.org")]
    [InlineData(Email, "user (at) example (dot) org", "user@example.org")]
    [InlineData(Email, "\"john\"@example.org", "john@example.org")]
    [InlineData(Email, "\"jo\\hn\"@example.org", "john@example.org")]
    [InlineData(Email, "\"john doe\"@example.org", "\"john doe\"@example.org")]
    [InlineData(Email, "\"a@b\"@example.org", "\"a@b\"@example.org")]
    [InlineData(Email, "\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org")]
    [InlineData(Email, "user@bücher.DE", "user@xn--bcher-kva.de")]
    [InlineData(Email, "user@XN--BCHER-KVA.de", "user@xn--bcher-kva.de")]
    [InlineData(Email, "Pe\u0301rez@example.org", "P\u00E9rez@example.org")]
    // Domains: UTS-46 nontransitional, pinned.
    [InlineData(IdentifierKind.Domain, "faß.de", "xn--fa-hia.de")]
    [InlineData(IdentifierKind.Domain, "fass.de", "fass.de")]
    [InlineData(IdentifierKind.Domain, "FAẞ.de", "xn--fa-hia.de")]
    [InlineData(IdentifierKind.Domain, "βόλος.com", "xn--nxasmm1c.com")]
    [InlineData(IdentifierKind.Domain, "βόλοσ.com", "xn--nxasmq6b.com")]
    [InlineData(IdentifierKind.Domain, "ශ්\u200Dරී.com", "xn--10cl1a0b660p.com")]
    [InlineData(IdentifierKind.Domain, "ශ්රී.com", "xn--10cl1a0b.com")]
    [InlineData(IdentifierKind.Domain, "نامه\u200Cای.com", "xn--mgba3gch31f060k.com")]
    [InlineData(IdentifierKind.Domain, "نامهای.com", "xn--mgba3gch31f.com")]
    [InlineData(IdentifierKind.Domain, "BU\u0308CHER.de", "xn--bcher-kva.de")]
    [InlineData(IdentifierKind.Domain, "bücher。de", "xn--bcher-kva.de")]
    [InlineData(IdentifierKind.Domain, "ｅｘａｍｐｌｅ.org", "example.org")]
    [InlineData(IdentifierKind.Domain, "WWW.EXAMPLE.ORG.", "www.example.org")]
    [InlineData(IdentifierKind.Domain, "r3---sn-a5m.example.org", "r3---sn-a5m.example.org")]
    [InlineData(IdentifierKind.Domain, "_dmarc.example.org", "_dmarc.example.org")]
    [InlineData(IdentifierKind.Domain, "evil[.]example(dot)org", "evil.example.org")]
    [InlineData(IdentifierKind.Domain, "hxxp.example.org", "hxxp.example.org")]
    // Onion: Tor's published service of the project itself, and the specification's examples.
    [InlineData(Onion, "PG6MMJIYJMCRSSLVYKFWNNTLARU7P5SVN6Y2YMMJU6NUBXNDF4PSCRYD", "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion")]
    [InlineData(Onion, "www.pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion.", "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion")]
    [InlineData(Onion, "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion", "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion")]
    // Hashes.
    [InlineData(Md5, "D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData(Pdq, "F8F8F0CEE0F4A84F06370A22038F63F0B36E2ED596621E1D33E6B39C4E9C9B22:50", "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22")]
    [InlineData(InfoHash, "urn:btih:YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK", "c12fe1c06bba254a9dc9f519b335aa7c1367a88a")]
    [InlineData(InfoHash, "C12FE1C06BBA254A9DC9F519B335AA7C1367A88A", "c12fe1c06bba254a9dc9f519b335aa7c1367a88a")]
    [InlineData(InfoHash, "1220D2474E86C95B19B8BCFDB92BC12C9D44667CFA36D2474E86C95B19B8BCFDB92B", "d2474e86c95b19b8bcfdb92bc12c9d44667cfa36d2474e86c95b19b8bcfdb92b")]
    [InlineData(P2pGuid, "LimeWire:{01234567-89AB-CDEF-0123-456789ABCDEF}", "gnutella:0123456789abcdef0123456789abcdef")]
    // Devices, accounts, numbers.
    [InlineData(Imei, "49-015420-323751-8", "49015420323751")]
    [InlineData(Imei, "490154203237518", "49015420323751")]
    [InlineData(Imei, "35209900176148", "35209900176148")]
    [InlineData(Mac, "00-53-00-AB-CD-EF", "00:53:00:ab:cd:ef")]
    [InlineData(Mac, "0053.00ab.cdef", "00:53:00:ab:cd:ef")]
    [InlineData(Mac, "005300ABCDEF", "00:53:00:ab:cd:ef")]
    [InlineData(Iban, "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432")]
    [InlineData(Iban, "de89 3704 0044 0532 0130 00", "DE89370400440532013000")]
    [InlineData(Iban, "GR16 0110 1250 0000 0001 2300 695", "GR1601101250000000012300695")]
    [InlineData(Iban, "NO93 8601 1117 947", "NO9386011117947")]
    [InlineData(Iban, "MT84-MALT-0110-0001-2345-MTLC-AST0-01S", "MT84MALT011000012345MTLCAST001S")]
    [InlineData(Phone, "+39 06 1234 5678", "+390612345678")]
    [InlineData(Phone, "tel:+1-202-555-0123", "+12025550123")]
    [InlineData(Phone, "+44 (20) 7946/0018", "+442079460018")]
    [InlineData(TelegramId, "-1001234567890", "-1001234567890")]
    [InlineData(TelegramId, "000777000", "777000")]
    [InlineData(DiscordId, "80351110224678912", "80351110224678912")]
    // Messengers.
    [InlineData(Jid, "xmpp:Juliet@Example.COM/Balcony", "juliet@example.com")]
    [InlineData(Jid, "fußball@example.com", "fußball@example.com")]
    [InlineData(Jid, "Σ@example.com", "σ@example.com")]
    [InlineData(Jid, "user@BÜCHER.de", "user@xn--bcher-kva.de")]
    [InlineData(Matrix, "@User:Example.ORG", "@User:example.org")]
    [InlineData(Matrix, "@user:Example.ORG:8448", "@user:example.org:8448")]
    [InlineData(Matrix, "#room:[2001:DB8:0::1]:80", "#room:[2001:db8::1]:80")]
    // References are exact, beyond the issuer and the space around.
    [InlineData(Reference, "NCMEC: 0012345 ", "ncmec:0012345")]
    [InlineData(Reference, "siena:A[.]B(dot)c", "siena:A[.]B(dot)c")]
    [InlineData(Reference, "siena:a:B", "siena:a:B")]
    public void Canonicalise_AcceptedValue_GivesTheCanonicalForm(IdentifierKind kind, string value, string canonical)
    {
        var result = Canonicaliser.Canonicalise(kind, value);

        Assert.Null(result.Refusal?.Problem);
        Assert.Equal(new Identifier(kind, canonical), result.Identifier);
    }

    [Theory]
    [InlineData("x:@SomeBody", "x:somebody")]
    [InlineData("Twitter:somebody", "x:somebody")]
    [InlineData("facebook:John.Smith.9", "facebook:johnsmith9")]
    [InlineData("instagram:John.Smith", "instagram:john.smith")]
    [InlineData("reddit:u/Some_One", "reddit:some_one")]
    [InlineData("cashapp:$Name", "cashapp:name")]
    [InlineData("discord:DİYAR", "discord:di\u0307yar")]
    [InlineData("discord:dıyar", "discord:dıyar")]
    [InlineData("discord:DIYAR", "discord:diyar")]
    [InlineData("discord:Ｆｕｌｌ", "discord:full")]
    [InlineData("discord:E\u0301te\u0301", "discord:\u00E9t\u00E9")]
    [InlineData("xbox:Major Nelson", "xbox:majornelson")]
    [InlineData("mastodon:@User@Bücher.example", "mastodon:user@xn--bcher-kva.example")]
    [InlineData("mastodon:user[at]example[.]social", "mastodon:user@example.social")]
    [InlineData("bluesky:@Name.bsky.social", "bluesky:name.bsky.social")]
    [InlineData("threema:echoecho", "threema:ECHOECHO")]
    [InlineData("tripcode:aBcD", "tripcode:aBcD")]
    [InlineData("qq:0010001", "qq:10001")]
    public void Canonicalise_Username_FoldsAsThePlatformDoes(string value, string canonical) =>
        Assert.Equal(canonical, Canonicaliser.Canonicalise(Username, value).Identifier?.Canonical);

    [Theory]
    [InlineData("x:00783214", "x:783214")]
    [InlineData("x:9223372036854775807", "x:9223372036854775807")]
    [InlineData("x:1146098474939047937", "x:1146098474939047937")]
    [InlineData("minecraft:069A79F444E94726A5BEFCA90E38AAF5", "minecraft:069a79f4-44e9-4726-a5be-fca90e38aaf5")]
    [InlineData("youtube:UC_x5XG1OV2P6uZZ5FSM9Ttw", "youtube:UC_x5XG1OV2P6uZZ5FSM9Ttw")]
    [InlineData("bluesky:did:plc:z72i7hdynmk6r22z27h6tvur", "bluesky:did:plc:z72i7hdynmk6r22z27h6tvur")]
    public void Canonicalise_Account_KeepsEveryDigit(string value, string canonical) =>
        Assert.Equal(canonical, Canonicaliser.Canonicalise(Account, value).Identifier?.Canonical);

    [Theory]
    [InlineData("HTTP://Example.ORG:80", "http://example.org/")]
    [InlineData("hxxps[:]//example[.]org/Path?Q=A#F", "https://example.org/Path?Q=A#F")]
    [InlineData("hxxp[://]example.org/a", "http://example.org/a")]
    [InlineData("https://example.org/a/./b/../c", "https://example.org/a/c")]
    [InlineData("https://example.org/a/%2E%2e/..", "https://example.org/")]
    [InlineData("https://example.org/a/b/.", "https://example.org/a/b/")]
    [InlineData("https://example.org//a//b", "https://example.org//a//b")]
    [InlineData("https://example.org\\a\\b", "https://example.org/a/b")]
    [InlineData("https://discord.gg/AbCdEf", "https://discord.gg/AbCdEf")]
    [InlineData("https://t.me/joinchat/AAAA?b#", "https://t.me/joinchat/AAAA?b#")]
    [InlineData("https://example.org?", "https://example.org/?")]
    [InlineData("https://example.org/a b\"<>`{}^é", "https://example.org/a%20b%22%3C%3E%60%7B%7D%5E%C3%A9")]
    [InlineData("https://example.org/?a='b' c", "https://example.org/?a=%27b%27%20c")]
    [InlineData("https://example.org/%zz%c3", "https://example.org/%zz%c3")]
    [InlineData("https://Bücher.example:8443/", "https://xn--bcher-kva.example:8443/")]
    [InlineData("https://%65xample.org/", "https://example.org/")]
    [InlineData("http://0x7f.1/", "http://127.0.0.1/")]
    [InlineData("http://017700000001/", "http://127.0.0.1/")]
    [InlineData("http://1.2.3/", "http://1.2.0.3/")]
    [InlineData("http://[2001:DB8::0:1]:8080/", "http://[2001:db8::1]:8080/")]
    [InlineData("ftp://example.org:21/F", "ftp://example.org/F")]
    [InlineData("tg://join?invite=AbC", "tg://join?invite=AbC")]
    [InlineData("http:example.org/a", "http://example.org/a")]
    [InlineData("https://example.org/x[/./]y", "https://example.org/x[/]y")]
    public void Canonicalise_Url_WritesItAsTheWhatwgStandardDoes(string value, string canonical) =>
        Assert.Equal(canonical, Canonicaliser.Canonicalise(Url, value).Identifier?.Canonical);

    [Theory]
    // BIP-173 and BIP-350, the valid segwit addresses of the main network.
    [InlineData("bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]
    [InlineData("bitcoin:bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", "bitcoin:bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y")]
    [InlineData("bitcoin:BC1SW50QGDZ25J", "bitcoin:bc1sw50qgdz25j")]
    [InlineData("bitcoin:bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "bitcoin:bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs")]
    [InlineData("bitcoin:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")]
    [InlineData("btc:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    [InlineData("bitcoin:3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "bitcoin:3P14159f73E4gFr7JterCCQh9QjiTjiZrG")]
    // EIP-55, its test cases.
    [InlineData("eth:0x52908400098527886E0F7030069857D2E4169EE7", "ethereum:0x52908400098527886e0f7030069857d2e4169ee7")]
    [InlineData("eth:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("eth:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "ethereum:0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359")]
    [InlineData("eth:0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "ethereum:0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb")]
    [InlineData("eth:0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb", "ethereum:0xd1220a0cf47c7b9be7a2e6ba89f429762e7b9adb")]
    [InlineData("eth:0xde709f2102306220921060314715629080e2fb77", "ethereum:0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("litecoin:3MSvaVbVFFLML86rt5eqgA9SvW23upaXdY", "litecoin:MTf4tP1TCNBn8dNkyxeBVoPrFCcVzxJvvh")]
    [InlineData("monero:888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H", "monero:888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H")]
    [InlineData("tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")]
    [InlineData("doge:DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L", "dogecoin:DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L")]
    public void Canonicalise_Wallet_VerifiesTheChecksum(string value, string canonical) =>
        Assert.Equal(canonical, Canonicaliser.Canonicalise(Wallet, value).Identifier?.Canonical);

    [Fact]
    public void Canonicalise_PhotoDnaInBase64_EqualsItsHexadecimal()
    {
        var bytes = Enumerable.Range(0, 144).Select(i => (byte)i).ToArray();

        Assert.Equal(
            Canonicaliser.Canonicalise(PhotoDna, Convert.ToHexString(bytes)).Identifier,
            Canonicaliser.Canonicalise(PhotoDna, Convert.ToBase64String(bytes)).Identifier);
    }

    [Theory]
    [InlineData(Ip, "192.0.2.1")]
    [InlineData(Ip, "2001:db8::1")]
    [InlineData(Email, "user@example.org")]
    [InlineData(IdentifierKind.Domain, "www.example.org")]
    [InlineData(Sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Canonicalise_CanonicalAlready_AllocatesTheIdentifierOnly(IdentifierKind kind, string value)
    {
        var copy = new string(value);
        Assert.Same(copy, Canonicaliser.Canonicalise(kind, copy).Identifier!.Canonical);

        const int rounds = 1_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < rounds; i++)
        {
            Canonicaliser.Canonicalise(kind, copy);
        }

        // An Identifier is a header, a type, a reference and a byte: 32 bytes on 64 bits. The rest is tiered compilation's.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / rounds, 1, 40);
    }
}
