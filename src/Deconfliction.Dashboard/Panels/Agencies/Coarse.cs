using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Panels.Agencies;

/// <summary>An agency's figures as they may be shown: too coarse for a single overlap to be seen in them.</summary>
internal static class Coarse
{
    /// <summary>Below this no figure is told.</summary>
    public const long Least = 20;

    /// <summary>Two digits, and nothing below <see cref="Least"/>, not even whether it is zero.</summary>
    public static string Count(long value, Language words)
    {
        if (value < Least)
        {
            return "< " + words.Count(Least);
        }

        var step = 1L;
        while (value / step >= 100)
        {
            step *= 10;
        }

        return "≈ " + words.Count(value / step * step);
    }

    /// <summary>A power of ten alone: figures that two agencies have in common must not be matched.</summary>
    public static string Band(long value, Language words)
    {
        if (value < Least)
        {
            return "< " + words.Count(Least);
        }

        var low = Least;
        while (value >= low * 10)
        {
            low *= 10;
        }

        return $"{words.Count(low)} – {words.Count((low * 10) - 1)}";
    }

    /// <summary>A share to one part in ten, of at least <see cref="Least"/>.</summary>
    public static string Ratio(long part, long whole, Language words) =>
        whole < Least ? "–" : "≈ " + words.Percent(Math.Round((double)part / whole, 1, MidpointRounding.AwayFromZero));

    /// <summary>How long something has waited: under a day, under a week, longer.</summary>
    public static Cell Age(DateTimeOffset? since, DateTimeOffset now, Language words) => (now - since) switch
    {
        null => new Cell(words["age.day"]),
        { TotalDays: < 1 } => new Cell(words["age.day"]),
        { TotalDays: < 7 } => new Cell(words["age.week"]) { Tone = Tone.Warn },
        _ => new Cell(words["age.longer"]) { Tone = Tone.Bad },
    };
}
