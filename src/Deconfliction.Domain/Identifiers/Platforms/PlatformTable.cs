using System.Collections.Frozen;

namespace Deconfliction.Domain.Identifiers;

/// <summary>The platforms that the rules know. A new one, or another rule for one, raises <see cref="Canonicaliser.RuleVersion"/>.</summary>
public static class PlatformTable
{
    /// <summary>Every platform, by name.</summary>
    public static IReadOnlyList<Platform> All { get; } =
    [
        Of("bigo", "bigolive", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("bluesky", "bsky", HandleRule.DomainName, AccountIdRule.Exact),
        Of("cashapp", "", HandleRule.AsciiFolded, AccountIdRule.None),
        Of("dailymotion", "", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("deviantart", "", HandleRule.AsciiFolded, AccountIdRule.Uuid),
        new("discord", [], HandleRule.Folded, AccountIdRule.OwnKind, IdentifierKind.DiscordId),
        Of("epic", "epicgames fortnite", HandleRule.Folded, AccountIdRule.Exact),
        Of("facebook", "fb messenger", HandleRule.AsciiFoldedWithoutDots, AccountIdRule.Number),
        Of("flickr", "", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("github", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("gitlab", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("imgur", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("imvu", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("instagram", "ig insta", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("kakaotalk", "kakao", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("kik", "", HandleRule.AsciiFolded, AccountIdRule.None),
        Of("line", "", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("linkedin", "", HandleRule.Folded, AccountIdRule.Exact),
        Of("mastodon", "fediverse", HandleRule.UserAtServer, AccountIdRule.None),
        Of("medium", "", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("minecraft", "", HandleRule.AsciiFolded, AccountIdRule.Uuid),
        Of("odnoklassniki", "ok", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("onlyfans", "of", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("patreon", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("paypal", "paypalme", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("pinterest", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("playstation", "psn", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("qq", "", HandleRule.Number, AccountIdRule.Number),
        Of("quora", "", HandleRule.Folded, AccountIdRule.Number),
        Of("reddit", "", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("roblox", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("signal", "", HandleRule.AsciiFolded, AccountIdRule.Uuid),
        Of("skype", "", HandleRule.Folded, AccountIdRule.None),
        Of("snapchat", "snap", HandleRule.AsciiFolded, AccountIdRule.Uuid),
        Of("soundcloud", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("spotify", "", HandleRule.Folded, AccountIdRule.Exact),
        Of("steam", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        new("telegram", ["tg"], HandleRule.AsciiFolded, AccountIdRule.OwnKind, IdentifierKind.TelegramId),
        Of("threads", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("threema", "", HandleRule.AsciiUpper, AccountIdRule.None),
        Of("tiktok", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("tripcode", "", HandleRule.CaseSensitive, AccountIdRule.None),
        Of("tumblr", "", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("twitch", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("venmo", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("vimeo", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("vk", "vkontakte", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("vrchat", "", HandleRule.Folded, AccountIdRule.Exact),
        Of("wattpad", "", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("wechat", "weixin", HandleRule.AsciiFolded, AccountIdRule.Exact),
        Of("weibo", "", HandleRule.Folded, AccountIdRule.Number),
        Of("wickr", "", HandleRule.AsciiFolded, AccountIdRule.None),
        Of("wire", "", HandleRule.AsciiFolded, AccountIdRule.Uuid),
        Of("x", "twitter", HandleRule.AsciiFolded, AccountIdRule.Number),
        Of("xbox", "xboxlive", HandleRule.FoldedWithoutSpaces, AccountIdRule.Number),
        Of("youtube", "yt", HandleRule.Folded, AccountIdRule.Exact),
    ];

    private static readonly FrozenDictionary<string, Platform> ByName = All
        .SelectMany(platform => platform.Aliases.Append(platform.Name).Select(name => (name, platform)))
        .ToFrozenDictionary(entry => entry.name, entry => entry.platform, StringComparer.OrdinalIgnoreCase);

    /// <summary>The platform of that name or alias, in any case; null where there is none.</summary>
    public static Platform? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByName.GetValueOrDefault(name);
    }

    internal static Ruling Unknown(string name) => Ruling.Refuse(
        "UNKNOWN_PLATFORM",
        $"{Excerpt.Quote(name)} is not a known platform",
        "Use a name from the list in docs/identifiers.md (x, instagram, ...), or kind reference for what is not on it.");

    private static Platform Of(string name, string aliases, HandleRule handles, AccountIdRule accountIds) =>
        new(name, aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries), handles, accountIds);
}
