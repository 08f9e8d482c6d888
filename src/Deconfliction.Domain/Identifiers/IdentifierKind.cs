using System.Collections.Frozen;

namespace Deconfliction.Domain.Identifiers;

/// <summary>What an identifier is. The numbers are stored: they are never reused or changed.</summary>
public enum IdentifierKind : byte
{
    /// <summary>No kind; never accepted.</summary>
    Unspecified = 0,

    /// <summary>A handle on a platform, <c>platform:handle</c>. Handles are recycled: not the same as <see cref="Account"/>.</summary>
    Username = 1,

    /// <summary>The immutable account id of a platform, <c>platform:id</c>.</summary>
    Account,

    /// <summary>An e-mail address (RFC 5321, RFC 6531).</summary>
    Email,

    /// <summary>A telephone number (E.164).</summary>
    Phone,

    /// <summary>One IPv4 or IPv6 address.</summary>
    Ip,

    /// <summary>An MD5 hash, 16 bytes.</summary>
    Md5,

    /// <summary>A SHA-1 hash, 20 bytes.</summary>
    Sha1,

    /// <summary>A SHA-256 hash, 32 bytes.</summary>
    Sha256,

    /// <summary>A SHA-512 hash, 64 bytes.</summary>
    Sha512,

    /// <summary>A PDQ image hash, 32 bytes, by equality.</summary>
    Pdq,

    /// <summary>A PhotoDNA hash, 144 bytes, by equality.</summary>
    PhotoDna,

    /// <summary>A domain name.</summary>
    Domain,

    /// <summary>A Tor v3 onion service.</summary>
    Onion,

    /// <summary>A URL (WHATWG).</summary>
    Url,

    /// <summary>A cryptocurrency address, <c>chain:address</c>.</summary>
    Wallet,

    /// <summary>A BitTorrent info hash, v1 or v2.</summary>
    InfoHash,

    /// <summary>The GUID of a peer in a file-sharing network, <c>network:hex</c>.</summary>
    P2pGuid,

    /// <summary>A mobile equipment identity, without its check digit.</summary>
    Imei,

    /// <summary>A 48-bit hardware address.</summary>
    Mac,

    /// <summary>An international bank account number (ISO 13616).</summary>
    Iban,

    /// <summary>An XMPP address (RFC 7622), without its resource.</summary>
    Jid,

    /// <summary>A Matrix user, room or room alias.</summary>
    Matrix,

    /// <summary>The numeric id of a Telegram user, group or channel.</summary>
    TelegramId,

    /// <summary>The snowflake of a Discord user, server or channel.</summary>
    DiscordId,

    /// <summary>The account id of the Session messenger.</summary>
    SessionId,

    /// <summary>A reference that an issuer gave, <c>issuer:value</c> (a CyberTip number, a SIENA reference).</summary>
    Reference,
}

/// <summary>The names of the kinds, as protocol, files and command line write them.</summary>
public static class IdentifierKinds
{
    private static readonly string[] Names =
    [
        "unspecified", "username", "account", "email", "phone", "ip", "md5", "sha1", "sha256", "sha512", "pdq", "photodna",
        "domain", "onion", "url", "wallet", "infohash", "p2p_guid", "imei", "mac", "iban", "jid", "matrix", "telegram_id",
        "discord_id", "session_id", "reference",
    ];

    /// <summary>Every kind but <see cref="IdentifierKind.Unspecified"/>, in the order of their numbers.</summary>
    public static IReadOnlyList<IdentifierKind> All { get; } =
        [.. Enum.GetValues<IdentifierKind>().Where(kind => kind is not IdentifierKind.Unspecified).Order()];

    private static readonly FrozenDictionary<string, IdentifierKind> Kinds =
        All.ToFrozenDictionary(Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind's name, such as <c>p2p_guid</c>; <c>unspecified</c> for anything that is not a kind.</summary>
    public static string Name(IdentifierKind kind) => Names[(int)kind < Names.Length ? (int)kind : 0];

    /// <summary>Finds a kind by its name, in any case. <c>unspecified</c> is not a kind.</summary>
    public static bool TryParse(string name, out IdentifierKind kind)
    {
        kind = IdentifierKind.Unspecified;
        return name is not null && Kinds.TryGetValue(name, out kind);
    }
}
