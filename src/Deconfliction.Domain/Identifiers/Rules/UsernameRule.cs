using System.Buffers;
using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>A handle with its platform, folded as the platform compares handles (<see cref="PlatformTable"/>).</summary>
internal static class UsernameRule
{
    private const string Example = "instagram:some.name";
    private const int MaximumHandleLength = 256;
    private static readonly SearchValues<char> AsciiHandle = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static Ruling Apply(string text)
    {
        if (!Prefixed.TrySplit(text, out var name, out var handle))
        {
            return Prefixed.Missing(text, "platform", Example);
        }

        if (PlatformTable.Find(name) is not { } platform)
        {
            return PlatformTable.Unknown(name);
        }

        handle = WithoutSign(platform, handle);
        if (handle.Length is 0 or > MaximumHandleLength || handle[0] == '@')
        {
            return Refuse(platform, handle, "it is empty, over 256 characters, or begins with a second @");
        }

        var ruling = Fold(platform, handle);
        return ruling.Canonical is { } canonical ? Ruling.Accept($"{platform.Name}:{canonical}") : ruling;
    }

    /// <summary>The handle without the sign that people write before it.</summary>
    private static string WithoutSign(Platform platform, string handle) => platform.Name switch
    {
        "reddit" when handle.StartsWith("u/", StringComparison.OrdinalIgnoreCase) => handle[2..],
        "reddit" when handle.StartsWith("/u/", StringComparison.OrdinalIgnoreCase) => handle[3..],
        "cashapp" when handle.StartsWith('$') => handle[1..],
        _ => handle.StartsWith('@') ? handle[1..] : handle,
    };

    private static Ruling Fold(Platform platform, string handle) => platform.Handles switch
    {
        HandleRule.AsciiFolded => Ascii(platform, handle, handle.ToLowerInvariant()),
        HandleRule.AsciiFoldedWithoutDots => Ascii(platform, handle, Separators.Remove(handle, ".").ToLowerInvariant()),
        HandleRule.AsciiUpper => Ascii(platform, handle, handle.ToUpperInvariant()),
        HandleRule.Number => NumericIdRule.Apply(handle, handle, $"a number of {platform.Name}", long.MaxValue),
        HandleRule.UserAtServer => UserAtServer(platform, handle),
        HandleRule.DomainName => DomainName.Canonicalise(Defanging.Undo(handle)),
        HandleRule.FoldedWithoutSpaces => Precised(platform, Separators.Remove(handle, " "), foldsCase: true),
        HandleRule.CaseSensitive => Precised(platform, handle, foldsCase: false),
        _ => Precised(platform, handle, foldsCase: true),
    };

    private static Ruling Ascii(Platform platform, string handle, string folded) => folded.Length > 0 && !handle.AsSpan().ContainsAnyExcept(AsciiHandle)
        ? Ruling.Accept(folded)
        : Refuse(platform, handle, "handles there have letters a-z, digits, dots, hyphens and underscores only");

    private static Ruling Precised(Platform platform, string handle, bool foldsCase)
    {
        if (Precis.Enforce(handle, foldsCase, out var problem) is not { } enforced)
        {
            return Refuse(platform, handle, problem!);
        }

        // Width mapping can bring forth an @ that was none before (U+FF20).
        return enforced.Length > 0 && enforced[0] != '@' ? Ruling.Accept(enforced) : Refuse(platform, handle, "nothing is left of it, or an @");
    }

    private static Ruling UserAtServer(Platform platform, string handle)
    {
        var address = Defanging.Undo(handle);
        var at = address.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0)
        {
            return Refuse(platform, handle, "handles there name their server, such as user@example.org");
        }

        var user = Ascii(platform, address[..at], address[..at].ToLowerInvariant());
        var server = DomainName.Canonicalise(address[(at + 1)..]);
        return user.Canonical is null ? user : server.Canonical is null ? server : Ruling.Accept($"{user.Canonical}@{server.Canonical}");
    }

    private static Ruling Refuse(Platform platform, string handle, string problem) => Ruling.Refuse(
        "NOT_A_HANDLE", $"{Excerpt.Quote(handle)} is not a handle of {platform.Name}: {problem}", "Give the handle as it stands in the profile's address.");
}
