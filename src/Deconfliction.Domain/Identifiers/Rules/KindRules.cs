namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>Which rule a kind has.</summary>
internal static class KindRules
{
    /// <summary>Whether the kind's own rule decides where ZWNJ and ZWJ may stand; for the others they are invisible characters.</summary>
    public static bool JudgesJoiners(IdentifierKind kind) => kind is IdentifierKind.Domain or IdentifierKind.Email
        or IdentifierKind.Url or IdentifierKind.Jid or IdentifierKind.Username;

    public static Ruling Apply(IdentifierKind kind, string text) => kind switch
    {
        IdentifierKind.Ip => IpRule.Apply(text),
        IdentifierKind.Email => EmailRule.Apply(text),
        IdentifierKind.Md5 or IdentifierKind.Sha1 or IdentifierKind.Sha256 or IdentifierKind.Sha512 => HashRule.Apply(kind, text),
        _ => Ruling.Refuse("kind", "UNKNOWN_KIND", "no rule for this kind", "Use another kind."),
    };
}
