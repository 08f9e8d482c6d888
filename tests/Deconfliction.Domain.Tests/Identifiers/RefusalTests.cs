using Deconfliction.Domain.Identifiers;
using static Deconfliction.Domain.Identifiers.IdentifierKind;

namespace Deconfliction.Domain.Tests.Identifiers;

/// <summary>What is refused, and by which reason.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData(Ip, "010.0.0.1", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "1.2.3", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "1.2.3.4.5", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "0x7f.1", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "2130706433", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "1.2.3.256", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "1.2.3.", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "1.2.3.99999999999999999999", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "１.2.3.4", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "example.org", "NOT_AN_IPV4_ADDRESS")]
    [InlineData(Ip, "1.2.3.4:80", "PORT_IN_ADDRESS")]
    [InlineData(Ip, "1.2.3.0/24", "NOT_ONE_ADDRESS")]
    [InlineData(Ip, "FE80::1%eth0", "ZONE_IN_ADDRESS")]
    [InlineData(Ip, "1::2::3", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, ":::", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, ":1:2:3:4:5:6:7", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, "1:2:3:4:5:6:7:", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, "1:2:3:4:5:6:7:8:9", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, "1:2:3:4:5:6:7::8", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, "12345::", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, "::01.2.3.4", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Ip, "1.2.3.4::", "NOT_AN_IPV6_ADDRESS")]
    [InlineData(Email, "example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "user@", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "a..b@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, ".a@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "Name <a@example.org>", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "a b@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "\"a\"b\"@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "\"a\\\"@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "a\u200Db@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "12345678901234567890123456789012345678901234567890123456789012345@example.org", "NOT_AN_EMAIL_ADDRESS")]
    [InlineData(Email, "user@[192.0.2.1]", "NOT_A_DOMAIN_NAME")]
    [InlineData(Email, "user@192.0.2.1", "NOT_A_DOMAIN_NAME")]
    [InlineData(Email, "user@localhost", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "localhost", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "a..b", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "192.0.2.1", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "example.0x7f", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "exa mple.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "https://example.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "a\u200Db.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "xn--a.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "xn--abc-.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "xn--.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "\u0301a.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "אa.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "1234567890123456789012345678901234567890123456789012345678901234.org", "NOT_A_DOMAIN_NAME")]
    [InlineData(IdentifierKind.Domain, "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "HAS_ITS_OWN_KIND")]
    [InlineData(Onion, "expyuzz4wqqyqhjn.onion", "ONION_V2")]
    [InlineData(Onion, "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscrya.onion", "WRONG_CHECKSUM")]
    [InlineData(Onion, "qg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "WRONG_CHECKSUM")]
    [InlineData(Onion, "example.org", "NOT_AN_ONION_ADDRESS")]
    [InlineData(Url, "example.org/a", "NO_SCHEME")]
    [InlineData(Url, "https://user:pw@example.org/", "USER_INFO_IN_URL")]
    [InlineData(Url, "https://@example.org/", "USER_INFO_IN_URL")]
    [InlineData(Url, "https:///", "NOT_A_URL")]
    [InlineData(Url, "https://example.org:65536/", "NOT_A_URL")]
    [InlineData(Url, "https://example.org:80a/", "NOT_A_URL")]
    [InlineData(Url, "https://1.2.3.256/", "NOT_A_URL")]
    [InlineData(Url, "https://[::1/", "NOT_A_DOMAIN_NAME")]
    [InlineData(Url, "https://exa mple.org/", "NOT_A_DOMAIN_NAME")]
    [InlineData(Url, "magnet:?xt=urn:btih:abc", "UNSUPPORTED_SCHEME")]
    [InlineData(Url, "file:///etc/passwd", "UNSUPPORTED_SCHEME")]
    [InlineData(Url, "javascript:alert(1)", "UNSUPPORTED_SCHEME")]
    [InlineData(Phone, "0612345678", "NO_COUNTRY_CODE")]
    [InlineData(Phone, "0039 06 12345678", "NO_COUNTRY_CODE")]
    [InlineData(Phone, "+1 202 555 0123 ext. 4", "PHONE_EXTENSION")]
    [InlineData(Phone, "+1 202 555 0123;ext=4", "PHONE_EXTENSION")]
    [InlineData(Phone, "+44 (0)20 7946 0018", "PHONE_TRUNK_PREFIX")]
    [InlineData(Phone, "+49 0176 1234567", "PHONE_TRUNK_PREFIX")]
    [InlineData(Phone, "+999 123 4567", "UNKNOWN_COUNTRY_CODE")]
    [InlineData(Phone, "+0 123 456 789", "UNKNOWN_COUNTRY_CODE")]
    [InlineData(Phone, "+1 102 555 0123", "NOT_A_PHONE_NUMBER")]
    [InlineData(Phone, "+39 12", "NOT_A_PHONE_NUMBER")]
    [InlineData(Phone, "+39 1234567890123456", "NOT_A_PHONE_NUMBER")]
    [InlineData(Phone, "+39 CALLME12", "NOT_A_PHONE_NUMBER")]
    [InlineData(Md5, "d41d8cd98f00b204e9800998ecf8427", "WRONG_HASH_LENGTH")]
    [InlineData(Md5, "da39a3ee5e6b4b0d3255bfef95601890afd80709", "WRONG_HASH_LENGTH")]
    [InlineData(Md5, "d41d8cd98f00b204e9800998ecf8427g", "NOT_HEXADECIMAL")]
    [InlineData(Md5, "d41d8cd98f00b204e9800998ecf842７e", "NOT_HEXADECIMAL")]
    [InlineData(Pdq, "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22:49", "LOW_QUALITY")]
    [InlineData(Pdq, "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22:101", "WRONG_QUALITY")]
    [InlineData(Pdq, "f8f8:100", "WRONG_HASH_LENGTH")]
    [InlineData(PhotoDna, "abcd", "WRONG_HASH_LENGTH")]
    [InlineData(Wallet, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "NO_CHAIN")]
    [InlineData(Wallet, "nocoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "UNKNOWN_CHAIN")]
    [InlineData(Wallet, "bitcoin:1a1zp1ep5qgefi2dmptftl5slmv7divfna", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "bitcoin:mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8f3t4", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "bitcoin:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "bitcoin:bc1pw5dgrnzv", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "bitcoin:BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "bitcoin:bc1gmk9yu", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "WRONG_CHECKSUM")]
    [InlineData(Wallet, "ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA", "NOT_A_WALLET_ADDRESS")]
    [InlineData(Wallet, "monero:44AFFq5kSiGBoZ4NMDwYtn18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A", "NOT_A_WALLET_ADDRESS")]
    [InlineData(InfoHash, "c12fe1c06bba254a9dc9f519b335aa7c1367a88", "NOT_AN_INFO_HASH")]
    [InlineData(P2pGuid, "0123456789abcdef0123456789abcdef", "NO_NETWORK")]
    [InlineData(P2pGuid, "napster2:0123456789abcdef0123456789abcdef", "UNKNOWN_NETWORK")]
    [InlineData(P2pGuid, "gnutella:0123", "NOT_A_GUID")]
    [InlineData(Imei, "490154203237517", "WRONG_CHECK_DIGIT")]
    [InlineData(Imei, "4901542032375181", "NOT_AN_IMEI")]
    [InlineData(Imei, "4901542032375", "NOT_AN_IMEI")]
    [InlineData(Mac, "00:53:00:ab:cd", "NOT_A_MAC_ADDRESS")]
    [InlineData(Mac, "00:53-00:ab:cd:ef", "NOT_A_MAC_ADDRESS")]
    [InlineData(Mac, "00-53-00-AB-:D-EF", "NOT_A_MAC_ADDRESS")]
    [InlineData(Mac, "00:53:00:ab:cd:ef:00:01", "NOT_A_MAC_ADDRESS")]
    [InlineData(Iban, "4111 1111 1111 1111", "CARD_NUMBER")]
    [InlineData(Iban, "378282246310005", "CARD_NUMBER")]
    [InlineData(Iban, "GB82 WEST 1234 5698 7654 33", "WRONG_CHECK_DIGIT")]
    [InlineData(Iban, "GB82 WEST 1234 5698 7654", "NOT_AN_IBAN")]
    [InlineData(Iban, "ZZ82 WEST 1234 5698 7654 32", "NOT_AN_IBAN")]
    [InlineData(Jid, "example.org", "NOT_A_JID")]
    [InlineData(Jid, "a'b@example.org", "NOT_A_JID")]
    [InlineData(Jid, "henryⅣ@example.com", "NOT_A_JID")]
    [InlineData(Jid, "♚@example.com", "NOT_A_JID")]
    [InlineData(Jid, "juliet@", "NOT_A_DOMAIN_NAME")]
    [InlineData(Matrix, "user:example.org", "NOT_A_MATRIX_ID")]
    [InlineData(Matrix, "@user", "NOT_A_MATRIX_ID")]
    [InlineData(Matrix, "@üser:example.org", "NOT_A_MATRIX_ID")]
    [InlineData(Matrix, "@user:example.org:0", "NOT_A_MATRIX_ID")]
    [InlineData(TelegramId, "1.0012345e+12", "ROUNDED_NUMBER")]
    [InlineData(TelegramId, "@durov", "NOT_A_NUMERIC_ID")]
    [InlineData(TelegramId, "4503599627370496", "NOT_A_NUMERIC_ID")]
    [InlineData(TelegramId, "-0", "NOT_A_NUMERIC_ID")]
    [InlineData(DiscordId, "8.0351110224678912E16", "ROUNDED_NUMBER")]
    [InlineData(DiscordId, "12345", "NOT_A_NUMERIC_ID")]
    [InlineData(DiscordId, "99999999999999999999", "NOT_A_NUMERIC_ID")]
    [InlineData(SessionId, "15aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "NOT_A_SESSION_ID")]
    [InlineData(Reference, "12345678", "NO_ISSUER")]
    [InlineData(Reference, "ncmec:", "NO_ISSUER")]
    [InlineData(Reference, "nc mec:1", "NOT_AN_ISSUER")]
    [InlineData(Username, "somebody", "NO_PLATFORM")]
    [InlineData(Username, "myspace9:somebody", "UNKNOWN_PLATFORM")]
    [InlineData(Username, "x:@", "NOT_A_HANDLE")]
    [InlineData(Username, "x:@@a", "NOT_A_HANDLE")]
    [InlineData(Username, "x:sömebody", "NOT_A_HANDLE")]
    [InlineData(Username, "discord:a b", "NOT_A_HANDLE")]
    [InlineData(Username, "discord:henryⅣ", "NOT_A_HANDLE")]
    [InlineData(Username, "mastodon:user", "NOT_A_HANDLE")]
    [InlineData(Account, "x:1.146098474939048e+18", "ROUNDED_NUMBER")]
    [InlineData(Account, "x:somebody", "NOT_A_NUMERIC_ID")]
    [InlineData(Account, "x:9223372036854775808", "NOT_A_NUMERIC_ID")]
    [InlineData(Account, "discord:80351110224678912", "HAS_ITS_OWN_KIND")]
    [InlineData(Account, "kik:123", "NO_ACCOUNT_IDS")]
    public void Canonicalise_MalformedValue_IsRefusedByReason(IdentifierKind kind, string value, string reason) =>
        Assert.Equal(reason, Canonicaliser.Canonicalise(kind, value).Refusal?.Reason);

    [Theory]
    [InlineData("", "EMPTY")]
    [InlineData(" \t\u3000\r\n", "EMPTY")]
    [InlineData("a\0b", "CONTROL_CHARACTER")]
    [InlineData("a\u0085b", "CONTROL_CHARACTER")]
    [InlineData("a\u2028b", "CONTROL_CHARACTER")]
    [InlineData("a\u202Eb", "BIDI_CONTROL")]
    [InlineData("a\u2066b", "BIDI_CONTROL")]
    [InlineData("a\u200Bb", "INVISIBLE_CHARACTER")]
    [InlineData("\uFEFFa", "INVISIBLE_CHARACTER")]
    [InlineData("a\u00ADb", "INVISIBLE_CHARACTER")]
    [InlineData("a\u00A0b", "INVISIBLE_CHARACTER")]
    [InlineData("a\u3164b", "INVISIBLE_CHARACTER")]
    [InlineData("a\uFE0Fb", "INVISIBLE_CHARACTER")]
    [InlineData("a\u2800b", "INVISIBLE_CHARACTER")]
    [InlineData("a\U000E0041b", "INVISIBLE_CHARACTER")]
    [InlineData("a\uE000b", "NOT_A_CHARACTER")]
    [InlineData("a\uFFFFb", "NOT_A_CHARACTER")]
    [InlineData("a\uFFFDb", "NOT_A_CHARACTER")]
    public void Canonicalise_UnwantedCharacter_IsRefusedForEveryKind(string value, string reason) =>
        Assert.All(IdentifierKinds.All, kind => Assert.Equal(reason, Canonicaliser.Canonicalise(kind, value).Refusal?.Reason));

    [Fact]
    public void Canonicalise_LoneSurrogate_IsRefusedForEveryKind() => Assert.All(IdentifierKinds.All, kind =>
        Assert.All(["\uD800", "a\uDC00b", "\uDC00\uD800", "a\uD83D"], value =>
            Assert.Equal("NOT_UNICODE", Canonicaliser.Canonicalise(kind, value).Refusal?.Reason)));

    [Fact]
    public void Canonicalise_Length_IsBoundedInUtf8()
    {
        var longest = "issuer:" + new string('a', 2048 - 7);
        Assert.True(Canonicaliser.Canonicalise(Reference, longest).IsAccepted);
        Assert.Equal("TOO_LONG", Canonicaliser.Canonicalise(Reference, longest + "a").Refusal?.Reason);
        Assert.True(Canonicaliser.Canonicalise(Reference, "i:" + new string('é', 1023)).IsAccepted);
        Assert.Equal("TOO_LONG", Canonicaliser.Canonicalise(Reference, "i:" + new string('é', 1024)).Refusal?.Reason);
        Assert.Equal("TOO_LONG", Canonicaliser.Canonicalise(Url, "https://example.org/" + new string('é', 700)).Refusal?.Reason);
    }

    [Fact]
    public void Canonicalise_OctetOver255_NamesTheOctet()
    {
        var refusal = Canonicaliser.Canonicalise("ip", "20.0.0.306").Refusal!;

        Assert.Equal("value", refusal.Field);
        Assert.Equal("NOT_AN_IPV4_ADDRESS", refusal.Reason);
        Assert.Equal("`20.0.0.306` is not an IPv4 address: 306 is over 255", refusal.Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unspecified")]
    [InlineData("ip4")]
    [InlineData("42")]
    public void Canonicalise_UnknownKind_RefusesTheKind(string kind)
    {
        var refusal = Canonicaliser.Canonicalise(kind, "1.2.3.4").Refusal!;

        Assert.Equal(("kind", "UNKNOWN_KIND"), (refusal.Field, refusal.Reason));
        Assert.All(IdentifierKinds.All, known => Assert.Contains(IdentifierKinds.Name(known), refusal.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void Canonicalise_NumberThatIsNoKind_RefusesTheKind()
    {
        Assert.Equal("kind", Canonicaliser.Canonicalise(Unspecified, "1.2.3.4").Refusal?.Field);
        Assert.Equal("kind", Canonicaliser.Canonicalise((IdentifierKind)200, "1.2.3.4").Refusal?.Field);
    }

    [Fact]
    public void ToString_OfWhatHoldsAValue_DoesNotPrintIt()
    {
        var accepted = Canonicaliser.Canonicalise(Ip, "192.0.2.77");
        var refused = Canonicaliser.Canonicalise(Ip, "192.0.2.777");

        Assert.DoesNotContain("192.0.2", accepted.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2", accepted.Identifier!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("192.0.2.777", refused.Refusal!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Canonicalise_CardNumber_IsNotRepeated() =>
        Assert.DoesNotContain("1111", Canonicaliser.Canonicalise(Iban, "4111 1111 1111 1111").Refusal!.Problem, StringComparison.Ordinal);
}
