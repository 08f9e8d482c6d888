using System.Text;

namespace Deconfliction.Cli.Tests.Text;

/// <summary>The texts that stand in a source file, with <c>{}</c> where something is put in, and joined where they are added up.</summary>
internal static class SourceTexts
{
    /// <summary>All of them.</summary>
    public static IEnumerable<string> Of(string source)
    {
        var code = string.Join('\n', source.Split('\n').Where(static line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        var (joined, end) = ((StringBuilder?)null, 0);
        for (var i = 0; i < code.Length; i++)
        {
            if (code[i] == '\'')
            {
                i += code[i + 1] == '\\' ? 3 : 2;
                continue;
            }

            var isInterpolated = code[i] == '$' && i + 1 < code.Length && code[i + 1] == '"';
            if (code[i] != '"' && !isInterpolated)
            {
                continue;
            }

            var isMore = joined is not null && code[end..i].Trim() == "+";
            if (!isMore && joined is not null)
            {
                yield return joined.ToString();
            }

            joined = isMore ? joined! : new StringBuilder();
            i = Read(code, isInterpolated ? i + 2 : i + 1, isInterpolated, joined);
            end = i + 1;
        }

        if (joined is not null)
        {
            yield return joined.ToString();
        }
    }

    // To the closing quote.
    private static int Read(string code, int i, bool isInterpolated, StringBuilder text)
    {
        for (; code[i] != '"'; i++)
        {
            if (code[i] == '\\')
            {
                text.Append(code[++i]);
            }
            else if (isInterpolated && code[i] == '{')
            {
                i = PastHole(code, i);
                text.Append("{}");
            }
            else
            {
                text.Append(code[i]);
            }
        }

        return i;
    }

    // To the brace that closes it; texts within are not looked at.
    private static int PastHole(string code, int i)
    {
        var (depth, isText) = (0, false);
        for (; ; i++)
        {
            isText ^= code[i] == '"';
            depth += isText ? 0 : code[i] == '{' ? 1 : code[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }
    }
}
