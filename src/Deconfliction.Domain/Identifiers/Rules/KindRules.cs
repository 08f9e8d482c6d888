namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>Which rule a kind has.</summary>
internal static class KindRules
{
    /// <summary>Whether the kind's own rule decides where ZWNJ and ZWJ may stand; for the others they are invisible characters.</summary>
    public static bool JudgesJoiners(IdentifierKind kind) => kind is IdentifierKind.Domain or IdentifierKind.Email
        or IdentifierKind.Url or IdentifierKind.Jid or IdentifierKind.Username;

    public static Ruling Apply(IdentifierKind kind, string text) => kind switch
    {
        IdentifierKind.Username => UsernameRule.Apply(text),
        IdentifierKind.Account => AccountRule.Apply(text),
        IdentifierKind.Email => EmailRule.Apply(text),
        IdentifierKind.Phone => PhoneRule.Apply(text),
        IdentifierKind.Ip => IpRule.Apply(text),
        IdentifierKind.Md5 or IdentifierKind.Sha1 or IdentifierKind.Sha256 or IdentifierKind.Sha512 => HashRule.Apply(kind, text),
        IdentifierKind.Pdq => ImageHashRule.ApplyPdq(text),
        IdentifierKind.PhotoDna => ImageHashRule.ApplyPhotoDna(text),
        IdentifierKind.Domain => DomainRule.Apply(text),
        IdentifierKind.Onion => OnionRule.Apply(text),
        IdentifierKind.Url => UrlRule.Apply(text),
        IdentifierKind.Wallet => WalletRule.Apply(text),
        IdentifierKind.InfoHash => InfoHashRule.Apply(text),
        IdentifierKind.P2pGuid => P2pGuidRule.Apply(text),
        IdentifierKind.Imei => ImeiRule.Apply(text),
        IdentifierKind.Mac => MacRule.Apply(text),
        IdentifierKind.Iban => IbanRule.Apply(text),
        IdentifierKind.Jid => JidRule.Apply(text),
        IdentifierKind.Matrix => MatrixRule.Apply(text),
        IdentifierKind.TelegramId => NumericIdRule.ApplyTelegram(text),
        IdentifierKind.DiscordId => NumericIdRule.ApplyDiscord(text),
        IdentifierKind.SessionId => SessionIdRule.Apply(text),
        IdentifierKind.Reference => ReferenceRule.Apply(text),
        _ => throw new System.Diagnostics.UnreachableException($"kind {(int)kind} has no rule"),
    };
}
