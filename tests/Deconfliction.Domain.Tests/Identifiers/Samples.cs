using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Tests.Identifiers;

/// <summary>Values of each kind that are accepted: what the properties mutate, and what the laws are checked on.</summary>
internal static class Samples
{
    private static readonly Dictionary<IdentifierKind, string[]> ByKind = new()
    {
        [IdentifierKind.Username] = ["x:@SomeBody", "facebook:John.Smith", "discord:Ünïcode", "mastodon:@User@Bücher.example.org", "reddit:u/Some_One", "xbox:Some Name", "bluesky:@Some.bsky.social", "youtube:نام‌ه", "threema:abcd1234", "qq:0012345"],
        [IdentifierKind.Account] = ["x:000783214", "minecraft:069A79F4-44E9-4726-A5BE-FCA90E38AAF5", "youtube:UC_x5XG1OV2P6uZZ5FSM9Ttw", "bluesky:did:plc:z72i7hdynmk6r22z27h6tvur"],
        [IdentifierKind.Email] = ["User@EXAMPLE.org", "user[at]example[.]org", "\"user\"@example.org", "\"a b\\\"c\"@example.org", "Пётр@пример.рф", "first.last+tag@Straße.de", "{x}@example.org"],
        [IdentifierKind.Phone] = ["+39 06 1234 5678", "+1 (202) 555-0123", "tel:+44-20-7946-0018", "+41.44.668.18.00"],
        [IdentifierKind.Ip] = ["1[.]2[.]3[.]4", "192.0.2.1", "2001:DB8:0:0:1:0:0:1", "::ffff:1.2.3.4", "::", "[2001:db8::1]", "64:ff9b::192.0.2.33", "1:2:3:4:5:6:7::"],
        [IdentifierKind.Md5] = ["D41D8CD98F00B204E9800998ECF8427E"],
        [IdentifierKind.Sha1] = ["DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"],
        [IdentifierKind.Sha256] = ["E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"],
        [IdentifierKind.Sha512] = [new string('A', 128)],
        [IdentifierKind.Pdq] = ["F8F8F0CEE0F4A84F06370A22038F63F0B36E2ED596621E1D33E6B39C4E9C9B22:100", new string('B', 64)],
        [IdentifierKind.PhotoDna] = [new string('C', 288), string.Concat(Enumerable.Repeat("qrvM", 48))],
        [IdentifierKind.Domain] = ["WWW.Example.ORG.", "faß.de", "Bücher.de", "xn--bcher-kva.de", "_dmarc.example.org", "r3---sn-a5m.example", "evil[dot]example{.}org", "例え。テスト", "نامه‌ای.com", "www.example[.]org"],
        [IdentifierKind.Onion] = ["pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "www.PG6MMJIYJMCRSSLVYKFWNNTLARU7P5SVN6Y2YMMJU6NUBXNDF4PSCRYD.onion"],
        [IdentifierKind.Url] = ["hxxps[:]//Example[.]ORG:443/a/../b?Q=1#F", "http://0x7f.1/", "tg://join?invite=AbC", "https://bücher.example.org/ä b/%2E%2e/c\\d", "ws://[2001:DB8::0:1]:80", "http:example.org", "http://%65xample.org/%zz/[.]/x[/./]y"],
        [IdentifierKind.Wallet] = ["btc:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "litecoin:3MSvaVbVFFLML86rt5eqgA9SvW23upaXdY", "tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "xmr:44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"],
        [IdentifierKind.InfoHash] = ["C12FE1C06BBA254A9DC9F519B335AA7C1367A88A", "urn:btih:YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK", "1220" + new string('A', 64)],
        [IdentifierKind.P2pGuid] = ["LimeWire:0123456789ABCDEF0123456789ABCDEF", "emule:{01234567-89AB-CDEF-0123-456789ABCDEF}"],
        [IdentifierKind.Imei] = ["49-015420-323751-8", "49015420323751"],
        [IdentifierKind.Mac] = ["00-53-00-AB-CD-EF", "0053.00ab.cdef", "005300ABCDEF"],
        [IdentifierKind.Iban] = ["GB82 WEST 1234 5698 7654 32", "de89370400440532013000"],
        [IdentifierKind.Jid] = ["xmpp:Juliet@Example.COM/Balcony", "fußball@example.com", "Ｊuliet@example.com"],
        [IdentifierKind.Matrix] = ["@User:Example.ORG:8448", "#Räume:[2001:DB8::1]", "!abc:1.2.3.4", "@a:example[.]org"],
        [IdentifierKind.TelegramId] = ["-1001234567890", "00777000"],
        [IdentifierKind.DiscordId] = ["0080351110224678912"],
        [IdentifierKind.SessionId] = ["05" + new string('A', 64)],
        [IdentifierKind.Reference] = ["NCMEC: 00123-ab (dot) C", "siena:Ä/1"],
    };

    public static IEnumerable<(IdentifierKind Kind, string Value)> All => ByKind.SelectMany(pair => pair.Value.Select(value => (pair.Key, value)));

    public static string[] Of(IdentifierKind kind) => ByKind[kind];
}
