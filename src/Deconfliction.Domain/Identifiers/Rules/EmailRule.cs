using System.Buffers;
using System.Text;
using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// An address of RFC 5321 or 6531: the local part exactly as it is, the domain as lower-case A-labels. A quoted local
/// part that needs no quotes loses them, for both forms name the same mailbox (RFC 5321, 4.1.2).
/// </summary>
internal static class EmailRule
{
    private const int MaximumLocalBytes = 64;
    private const int MaximumBytes = 254;
    private const string Remedy = "Give one address alone, such as user@example.org, without a name or angle brackets.";

    private static readonly SearchValues<char> AsciiNotInAtom = SearchValues.Create(
        [.. Enumerable.Range(0, 0x80).Select(code => (char)code).Where(c => !char.IsAsciiLetterOrDigit(c)).Except("!#$%&'*+-/=?^_`{|}~.")]);

    public static Ruling Apply(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1)
        {
            return Refuse($"{Excerpt.Quote(text)} is not an e-mail address: it needs a local part, an @ and a domain");
        }

        var local = text.AsSpan(0, at);
        if (local[0] != '"')
        {
            if (!IsDotAtom(local))
            {
                return Refuse($"{Excerpt.Quote(local)} is not a local part (RFC 5321, 4.1.2): a character or a dot stands where it may not");
            }
        }
        else if (Unquote(local) is { } content)
        {
            local = IsDotAtom(content) ? content : Quote(content);
        }
        else
        {
            return Refuse($"{Excerpt.Quote(local)} is not a quoted local part (RFC 5321, 4.1.2)");
        }

        return Join(text, local, text.AsSpan(at + 1));
    }

    private static Ruling Join(string text, ReadOnlySpan<char> local, ReadOnlySpan<char> domain)
    {
        if (Encoding.UTF8.GetByteCount(local) > MaximumLocalBytes)
        {
            return Refuse("the local part is over 64 bytes (RFC 5321, 4.5.3.1.1)");
        }

        string canonical;
        if (DomainName.IsCanonicalAscii(domain))
        {
            canonical = local.Length + 1 + domain.Length == text.Length ? text : string.Concat(local, "@", domain);
        }
        else
        {
            var ruling = DomainName.Canonicalise(domain.ToString());
            if (ruling.Canonical is null)
            {
                return ruling;
            }

            canonical = string.Concat(local, "@", ruling.Canonical);
        }

        return canonical.Length > MaximumBytes / 3 && Encoding.UTF8.GetByteCount(canonical) > MaximumBytes
            ? Refuse("the address is over 254 bytes (RFC 5321, 4.5.3.1.3)")
            : Ruling.Accept(canonical);
    }

    /// <summary>RFC 5321's Dot-string: atoms and single dots between them; beyond ASCII what RFC 6531 adds, spaces and joiners apart.</summary>
    private static bool IsDotAtom(ReadOnlySpan<char> local)
    {
        if (local.IsEmpty || local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        return !local.ContainsAny(AsciiNotInAtom) && (Ascii.IsValid(local) || IsVisible(local));
    }

    private static bool IsVisible(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c > '~' && (char.IsWhiteSpace(c) || c is '\u200C' or '\u200D'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// What a quoted string means, or null where it is not one. Brackets are refused: without its backslashes such a name
    /// could read as defanged, and would change when canonicalised again.
    /// </summary>
    private static string? Unquote(ReadOnlySpan<char> local)
    {
        if (local.Length < 3 || local[^1] != '"' || local.ContainsAny('[', '(', '{') || !IsVisible(local))
        {
            return null;
        }

        var content = new StringBuilder(local.Length);
        var inner = local[1..^1];
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"' || (inner[i] == '\\' && ++i == inner.Length))
            {
                return null;
            }

            content.Append(inner[i]);
        }

        return content.ToString();
    }

    private static string Quote(string content)
    {
        var quoted = new StringBuilder("\"", content.Length + 2);
        foreach (var c in content)
        {
            if (c is '"' or '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private static Ruling Refuse(string problem) => Ruling.Refuse("NOT_AN_EMAIL_ADDRESS", problem, Remedy);
}
