using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>An account by the id that its platform never changes.</summary>
internal static class AccountRule
{
    private const string Example = "instagram:25025320";
    private const int MaximumLength = 128;
    private const int UuidDigits = 32;

    public static Ruling Apply(string text)
    {
        if (!Prefixed.TrySplit(text, out var name, out var id))
        {
            return Prefixed.Missing(text, "platform", Example);
        }

        if (PlatformTable.Find(name) is not { } platform)
        {
            return PlatformTable.Unknown(name);
        }

        var ruling = platform.AccountIds switch
        {
            AccountIdRule.Number => NumericIdRule.Apply(id, id, $"an account id of {platform.Name}", long.MaxValue),
            AccountIdRule.Uuid => Uuid(platform, id),
            AccountIdRule.Exact => Exact(platform, id),
            AccountIdRule.OwnKind => Ruling.Refuse(
                "HAS_ITS_OWN_KIND",
                $"account ids of {platform.Name} are a kind of their own",
                $"Use kind {IdentifierKinds.Name(platform.OwnKind)} and the number alone."),
            _ => Ruling.Refuse("NO_ACCOUNT_IDS", $"{platform.Name} shows no immutable account ids", "Use kind username."),
        };
        return ruling.Canonical is { } canonical ? Ruling.Accept($"{platform.Name}:{canonical}") : ruling;
    }

    private static Ruling Uuid(Platform platform, string id)
    {
        var hex = Separators.Remove(id, "-");
        return hex.Length == UuidDigits && Hex.ToLower(hex) is { } lower
            ? Ruling.Accept($"{lower[..8]}-{lower[8..12]}-{lower[12..16]}-{lower[16..20]}-{lower[20..]}")
            : Refuse(platform, id, "it needs 32 hexadecimal digits");
    }

    private static Ruling Exact(Platform platform, string id) => id.Length <= MaximumLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? Ruling.Accept(id)
        : Refuse(platform, id, "it needs 1 to 128 visible characters of ASCII");

    private static Ruling Refuse(Platform platform, string id, string problem) => Ruling.Refuse(
        "NOT_AN_ACCOUNT_ID", $"{Excerpt.Quote(id)} is not an account id of {platform.Name}: {problem}", "Give the id, not the name.");
}
