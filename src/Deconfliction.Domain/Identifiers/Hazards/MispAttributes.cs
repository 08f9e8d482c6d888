namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>Which kinds a MISP attribute type stands for. Composite types (<c>domain|ip</c>) stand for each of their parts.</summary>
internal static class MispAttributes
{
    public static IEnumerable<IdentifierKind> KindsOf(string attribute) => attribute.Split('|').SelectMany(OfOne);

    private static IdentifierKind[] OfOne(string attribute) => attribute switch
    {
        "ip-src" or "ip-dst" or "ip" => [IdentifierKind.Ip],
        "domain" or "hostname" => [IdentifierKind.Domain, IdentifierKind.Onion],
        "url" or "uri" or "link" => [IdentifierKind.Url],
        "email" or "email-src" or "email-dst" or "email-reply-to" or "whois-registrant-email" => [IdentifierKind.Email],
        "md5" => [IdentifierKind.Md5],
        "sha1" => [IdentifierKind.Sha1],
        "sha256" => [IdentifierKind.Sha256],
        "sha512" => [IdentifierKind.Sha512],
        "phone-number" or "whois-registrant-phone" => [IdentifierKind.Phone],
        "mac-address" => [IdentifierKind.Mac],
        "iban" => [IdentifierKind.Iban],
        "jabber-id" => [IdentifierKind.Jid],
        "btc" or "xmr" => [IdentifierKind.Wallet],
        _ => [],
    };
}
