using System.Text;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>What follows the host of a URL: dot segments removed, the rest as it is, percent-encoded where the standard says.</summary>
internal static class UrlPath
{
    private const string QuerySet = " \"#<>";
    private const string PathSet = QuerySet + "?^`{}";
    private const string FragmentSet = " \"<>`";

    /// <summary>The canonical form of a text that is empty or begins with a slash, a question mark or a number sign.</summary>
    public static string Canonicalise(string text, bool isSpecial)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? string.Empty : "#" + PercentEncoding.Encode(text[(hash + 1)..], FragmentSet);
        var rest = hash < 0 ? text : text[..hash];
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? string.Empty : "?" + PercentEncoding.Encode(rest[(mark + 1)..], isSpecial ? QuerySet + "'" : QuerySet);
        return Path(mark < 0 ? rest : rest[..mark], isSpecial) + query + fragment;
    }

    private static string Path(string text, bool isSpecial)
    {
        if (text.Length == 0)
        {
            return isSpecial ? "/" : string.Empty;
        }

        var parts = isSpecial ? text[1..].Split('/', '\\') : text[1..].Split('/');
        var segments = new List<string>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            if (IsDots(parts[i], 2))
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (!IsDots(parts[i], 1))
            {
                segments.Add(PercentEncoding.Encode(parts[i], PathSet));
                continue;
            }

            if (isLast)
            {
                segments.Add(string.Empty);
            }
        }

        return new StringBuilder("/").AppendJoin('/', segments).ToString();
    }

    /// <summary>Whether the segment is so many dots, each perhaps written as %2e.</summary>
    private static bool IsDots(string segment, int count) =>
        segment.Length <= 3 * count && string.Equals(
            segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase), count == 1 ? "." : "..", StringComparison.Ordinal);
}
