namespace Deconfliction.Server.Options;

/// <summary>Whether one name is another, written wrongly.</summary>
internal static class Misspelling
{
    private const int LettersForEachSlip = 5;

    /// <summary>Whether they differ in one slip, or in no more than one for every five letters of the right one.</summary>
    public static bool IsLikely(string written, string right) => Distance(written, right) <= Math.Max(1, right.Length / LettersForEachSlip);

    /// <summary>How many letters must be put in, left out, changed, or exchanged with the next (Damerau and Levenshtein, each place once).</summary>
    public static int Distance(string written, string right)
    {
        var steps = new int[written.Length + 1, right.Length + 1];
        for (var i = 0; i <= written.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                steps[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1, steps[i - 1, j - 1] + (written[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && written[i - 1] == right[j - 2] && written[i - 2] == right[j - 1])
                {
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
                }
            }
        }

        return steps[written.Length, right.Length];
    }
}
