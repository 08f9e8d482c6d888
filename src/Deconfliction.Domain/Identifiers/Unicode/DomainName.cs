using System.Buffers;

namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>
/// Domain names as they are compared: UTS-46 (nontransitional) A-labels in lower case, without the trailing dot. At
/// least two labels; letters, digits, hyphens and underscores; not an address of the network.
/// </summary>
internal static class DomainName
{
    private const int MaximumLength = 253;
    private const int MaximumLabelLength = 63;
    private const string Remedy = "Give a full name such as www.example.org, without scheme, port or path.";

    private static readonly SearchValues<char> LowerName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>
    /// Whether the name is canonical as it stands, without looking at tables. False says nothing: a name with an A-label
    /// needs <see cref="Canonicalise"/> to tell.
    /// </summary>
    public static bool IsCanonicalAscii(ReadOnlySpan<char> name)
    {
        if (name.Length > MaximumLength || name.ContainsAnyExcept(LowerName))
        {
            return false;
        }

        var labels = 0;
        while (true)
        {
            var dot = name.IndexOf('.');
            var label = dot < 0 ? name : name[..dot];
            if (label.Length is 0 or > MaximumLabelLength || label.StartsWith("xn--", StringComparison.Ordinal))
            {
                return false;
            }

            labels++;
            if (dot < 0)
            {
                return labels > 1 && !IsNumber(label);
            }

            name = name[(dot + 1)..];
        }
    }

    /// <summary>The canonical form of a name, or why it has none.</summary>
    public static Ruling Canonicalise(string name)
    {
        var mapped = Idna.ToAscii(name);
        if (mapped.Canonical is not { } ascii)
        {
            return mapped;
        }

        ascii = ascii.EndsWith('.') ? ascii[..^1] : ascii;
        return Check(name, ascii) is { } problem ? Refuse(problem) : Ruling.Accept(ascii);
    }

    /// <summary>Whether the label is decimal, or hexadecimal after 0x: such a last label makes the name an IPv4 address (WHATWG URL, "ends in a number").</summary>
    public static bool IsNumber(ReadOnlySpan<char> label) =>
        !label.IsEmpty && char.IsAsciiDigit(label[0]) && (!label.ContainsAnyExceptInRange('0', '9')
        || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && Encodings.Hex.IsHex(label[2..])));

    private static string? Check(string name, string ascii)
    {
        if (ascii.Length > MaximumLength)
        {
            return "the domain name is over 253 characters (RFC 1035, 2.3.4)";
        }

        var labels = ascii.Split('.');
        foreach (var label in labels)
        {
            if (label.Length is 0 or > MaximumLabelLength)
            {
                return $"{Excerpt.Quote(name)} is not a domain name: a label is empty or over 63 characters (RFC 1035, 2.3.4)";
            }

            if (label.AsSpan().ContainsAnyExcept(LowerName))
            {
                return $"{Excerpt.Quote(name)} is not a domain name: a label holds more than letters, digits, hyphen and underscore";
            }
        }

        if (IsNumber(labels[^1]))
        {
            return $"{Excerpt.Quote(name)} ends in a number: it is an address of the network, not a domain name";
        }

        return labels.Length < 2 ? $"{Excerpt.Quote(name)} is a single label, not a full domain name" : null;
    }

    private static Ruling Refuse(string problem) => Ruling.Refuse("NOT_A_DOMAIN_NAME", problem, Remedy);
}
