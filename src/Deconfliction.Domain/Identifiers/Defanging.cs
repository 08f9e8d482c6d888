namespace Deconfliction.Domain.Identifiers;

/// <summary>
/// Undoes what analysts do to addresses so that nobody clicks them: <c>1[.]2[.]3[.]4</c>, <c>hxxps[:]//</c>,
/// <c>user(at)example[dot]org</c>. One pass; what a replacement uncovers (<c>[[.]]</c>) is replaced too, so that the
/// result holds no defanged sign and defanging it again changes nothing.
/// </summary>
internal static class Defanging
{
    private static readonly (string Written, char Opener, string Meant)[] Signs =
    [
        .. from opener in "[({"
           from sign in new[] { (".", "."), ("dot", "."), ("@", "@"), ("at", "@") }
           select (opener + sign.Item1, opener, sign.Item2),
        ("[:", '[', ":"), ("[://", '[', "://"), ("[//", '[', "//"), ("[/", '[', "/"),
    ];

    private static readonly (string Written, string Meant)[] Schemes = [("hxxp", "http"), ("h**p", "http"), ("fxp:", "ftp:")];

    /// <summary>Whether the kind is an address of the network, which people defang. Other values are exact: they stay.</summary>
    public static bool AppliesTo(IdentifierKind kind) => kind is IdentifierKind.Ip or IdentifierKind.Email or IdentifierKind.Domain
        or IdentifierKind.Onion or IdentifierKind.Url or IdentifierKind.Jid or IdentifierKind.Matrix;

    /// <summary>The text without defanged signs; the same string where it has none.</summary>
    public static string Undo(string text)
    {
        var brackets = text.AsSpan().IndexOfAny('[', '(', '{') < 0 ? text : UndoBrackets(text);
        return UndoScheme(brackets);
    }

    private static string UndoScheme(string text)
    {
        foreach (var (written, meant) in Schemes)
        {
            if (text.StartsWith(written, StringComparison.OrdinalIgnoreCase) && IsSchemeEnd(text, written.Length))
            {
                return string.Concat(meant, text.AsSpan(written.Length));
            }
        }

        return text;
    }

    /// <summary>Whether a colon follows, perhaps after an s: <c>hxxp.example</c> is a name, not a scheme.</summary>
    private static bool IsSchemeEnd(string text, int end)
    {
        var rest = text.AsSpan(end);
        return text[end - 1] == ':' || rest is [':', ..] or ['s' or 'S', ':', ..];
    }

    private static string UndoBrackets(string text)
    {
        Span<char> output = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        var replaced = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is ']' or ')' or '}' && Match(output[..length], text[i]) is { Meant: var meant, Written: var written })
            {
                // "user [at] example" is as common as "user[at]example".
                length = output[..(length - written.Length)].TrimEnd(' ').Length;
                meant.CopyTo(output[length..]);
                length += meant.Length;
                replaced = true;
                while (i + 1 < text.Length && text[i + 1] == ' ')
                {
                    i++;
                }

                continue;
            }

            output[length++] = text[i];
        }

        return replaced ? new string(output[..length]) : text;
    }

    /// <summary>
    /// The sign that a closing bracket completes. One with a slash stands behind a scheme only: in a path, dropping dot
    /// segments could bring its parts together (<c>[/./]</c>), and the canonical form would change a second time.
    /// </summary>
    private static (string Written, string Meant)? Match(ReadOnlySpan<char> output, char closer)
    {
        var opener = closer switch { ']' => '[', ')' => '(', _ => '{' };
        foreach (var sign in Signs)
        {
            if (sign.Opener == opener && output.EndsWith(sign.Written, StringComparison.OrdinalIgnoreCase)
                && (!sign.Written.Contains('/', StringComparison.Ordinal) || !output[..^sign.Written.Length].Contains('/')))
            {
                return (sign.Written, sign.Meant);
            }
        }

        return null;
    }
}
