using System.Globalization;
using System.Resources;

namespace Deconfliction.Dashboard.Text;

/// <summary>
/// One of the languages that the pages speak: its words, numbers and dates. The process runs under the invariant culture, so both
/// resource files are in the program itself, and how numbers are written stands here.
/// </summary>
public sealed class Language
{
    private readonly ResourceManager _words;
    private readonly NumberFormatInfo _numbers;

    private Language(string code, string name, string decimals, string groups)
    {
        (Code, Name) = (code, name);
        _words = new ResourceManager("Words." + code, typeof(Language).Assembly);
        _numbers = new NumberFormatInfo { NumberDecimalSeparator = decimals, NumberGroupSeparator = groups, PercentDecimalSeparator = decimals };
    }

    public static Language English { get; } = new("en", "English", ".", ",");

    // A narrow no-break space between groups of digits.
    public static Language French { get; } = new("fr", "Français", ",", "\u202F");

    public static IReadOnlyList<Language> All { get; } = [English, French];

    /// <summary>Its code: <c>en</c>, <c>fr</c>.</summary>
    public string Code { get; }

    /// <summary>Its name in itself.</summary>
    public string Name { get; }

    /// <summary>All its words, for tests.</summary>
    public IReadOnlyDictionary<string, string> Words => _words.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!
        .Cast<System.Collections.DictionaryEntry>().ToDictionary(word => (string)word.Key, word => (string)word.Value!, StringComparer.Ordinal);

    /// <summary>The language of a request: the one chosen, else the first that the browser asks for and the pages speak, else English.</summary>
    public static Language Of(string? chosen, string? acceptLanguage)
    {
        if (All.FirstOrDefault(language => language.Code == chosen) is { } known)
        {
            return known;
        }

        foreach (var wanted in (acceptLanguage ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var spoken = All.FirstOrDefault(language => wanted.StartsWith(language.Code, StringComparison.OrdinalIgnoreCase));
            if (spoken is not null)
            {
                return spoken;
            }
        }

        return English;
    }

    /// <summary>The word under a key.</summary>
    public string this[string key] => _words.GetString(key, CultureInfo.InvariantCulture)
        ?? throw new KeyNotFoundException($"Words.{Code}.resx has no '{key}'.");

    /// <summary>The words under a key, with figures and names put in.</summary>
    public string Say(string key, params object[] values) => string.Format(_numbers, this[key], values);

    /// <summary>The word under a key, or the text itself where there is none: for names that other parts make.</summary>
    public string Known(string prefix, string text) => _words.GetString($"{prefix}.{text}", CultureInfo.InvariantCulture) ?? text;

    /// <summary>A number with as many decimals as tell something.</summary>
    public string Number(double value)
    {
        var size = Math.Abs(value);
        return value.ToString(size >= 100 || size == Math.Floor(size) ? "N0" : size >= 10 ? "N1" : size >= 0.01 || size == 0 ? "N2" : "0.####", _numbers);
    }

    /// <summary>A count.</summary>
    public string Count(long value) => value.ToString("N0", _numbers);

    /// <summary>A share as a percentage.</summary>
    public string Percent(double share) => (share * 100).ToString(share is > 0 and < 0.1 ? "0.#" : "N0", _numbers) + "\u202F%";

    /// <summary>A duration in the unit that suits it.</summary>
    public string Duration(double seconds) => seconds switch
    {
        0 => "0 ms",
        < 0.001 => Number(seconds * 1e6) + " µs",
        < 1 => Number(seconds * 1e3) + " ms",
        < 120 => Number(seconds) + " s",
        < 7200 => Number(seconds / 60) + " min",
        < 172800 => Number(seconds / 3600) + " h",
        _ => Say("unit.days", Math.Floor(seconds / 86400)),
    };

    /// <summary>A size in bytes.</summary>
    public string Bytes(double bytes) => bytes switch
    {
        < 1024 => Count((long)bytes) + " " + this["unit.bytes"],
        < 1048576 => Number(bytes / 1024) + " Ki" + this["unit.bytes"],
        < 1073741824 => Number(bytes / 1048576) + " Mi" + this["unit.bytes"],
        _ => Number(bytes / 1073741824) + " Gi" + this["unit.bytes"],
    };

    /// <summary>A moment in UTC, to the second.</summary>
    public string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A moment in UTC to the minute, without its day.</summary>
    public string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A moment in UTC without its day.</summary>
    public string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
