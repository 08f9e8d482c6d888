namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>Normalization Form C (UAX #15): full decomposition, canonical order, composition.</summary>
internal static class Normalisation
{
    private const int SyllableFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailFirst = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    /// <summary>The text in NFC; the same string where it is already. The text must be well-formed.</summary>
    public static string ToNfc(string text)
    {
        // Below U+0300 nothing composes with what stands before it, and nothing decomposes for good.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
        {
            return text;
        }

        var normalised = CodePoints.ToText(ToNfc(CodePoints.From(text)));
        return string.Equals(normalised, text, StringComparison.Ordinal) ? text : normalised;
    }

    public static List<int> ToNfc(List<int> text) => Compose(Decompose(text));

    private static List<int> Decompose(List<int> text)
    {
        var tables = UnicodeTables.Instance;
        var output = new List<int>(text.Count);
        foreach (var codePoint in text)
        {
            if (codePoint is >= SyllableFirst and < SyllableFirst + SyllableCount)
            {
                var index = codePoint - SyllableFirst;
                output.Add(LeadFirst + (index / (VowelCount * TrailCount)));
                output.Add(VowelFirst + (index % (VowelCount * TrailCount) / TrailCount));
                if (index % TrailCount != 0)
                {
                    output.Add(TrailFirst + (index % TrailCount));
                }
            }
            else if (tables.Decompositions.TryGetValue(codePoint, out var parts))
            {
                output.AddRange(parts);
            }
            else
            {
                output.Add(codePoint);
            }
        }

        Order(output);
        return output;
    }

    /// <summary>Sorts each run of combining marks by class, keeping the order of equals.</summary>
    private static void Order(List<int> text)
    {
        for (var start = 0; start < text.Count; start++)
        {
            var end = start;
            while (end < text.Count && CodePoints.Of(text[end]).Combining != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var ordered = text.GetRange(start, end - start).OrderBy(mark => CodePoints.Of(mark).Combining).ToList();
                text.RemoveRange(start, end - start);
                text.InsertRange(start, ordered);
            }

            start = end;
        }
    }

    private static List<int> Compose(List<int> text)
    {
        var output = new List<int>(text.Count);
        var starter = -1;
        var lastClass = -1;
        foreach (var codePoint in text)
        {
            var combining = CodePoints.Of(codePoint).Combining;
            var isBlocked = lastClass >= combining && lastClass != -1;
            if (starter >= 0 && !isBlocked && Pair(output[starter], codePoint) is { } composite)
            {
                output[starter] = composite;
                continue;
            }

            if (combining == 0)
            {
                starter = output.Count;
                lastClass = -1;
            }
            else
            {
                lastClass = combining;
            }

            output.Add(codePoint);
        }

        return output;
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LeadFirst and < LeadFirst + LeadCount && second is >= VowelFirst and < VowelFirst + VowelCount)
        {
            return SyllableFirst + ((((first - LeadFirst) * VowelCount) + second - VowelFirst) * TrailCount);
        }

        if (first is >= SyllableFirst and < SyllableFirst + SyllableCount && (first - SyllableFirst) % TrailCount == 0
            && second is > TrailFirst and < TrailFirst + TrailCount)
        {
            return first + second - TrailFirst;
        }

        return UnicodeTables.Instance.Compositions.TryGetValue((first, second), out var composite) ? composite : null;
    }
}
