using System.Collections;
using System.Globalization;
using System.Resources;

namespace Deconfliction.Cli.Text;

/// <summary>
/// The language of what is written for readers. Sentences are made in English where they belong, and said in another language at the
/// screen: a sentence is known by its English, figures and names in it stay as they are. What has no translation, such as what a server
/// says, stays English. Programs read JSON, reasons and exit statuses, which are the same in every language.
/// </summary>
internal sealed class Speech
{
    private const string Option = "--lang";
    private readonly Lazy<Translations>? _translations;
    private readonly Lazy<IReadOnlyDictionary<string, string>>? _labels;

    private Speech(string code, bool isTranslated)
    {
        Code = code;
        if (isTranslated)
        {
            _translations = new Lazy<Translations>(() => new Translations(PhrasesOf("en"), PhrasesOf(code)));
            _labels = new Lazy<IReadOnlyDictionary<string, string>>(() => LabelsOf(code));
        }
    }

    /// <summary>As sentences are made.</summary>
    public static Speech English { get; } = new("en", isTranslated: false);

    /// <summary>French.</summary>
    public static Speech French { get; } = new("fr", isTranslated: true);

    /// <summary>Its code.</summary>
    public string Code { get; }

    /// <summary>The one that the command line names, else the one of LC_ALL, LC_MESSAGES or LANG, else English. JSON is always English.</summary>
    public static Speech Of(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        var words = arguments.TakeWhile(static word => word != "--").ToList();
        if (words.Contains("--json", StringComparer.Ordinal))
        {
            return English;
        }

        // POSIX: the first of these that is set and not empty decides.
        var named = words.Select((word, i) => word == Option ? words.ElementAtOrDefault(i + 1) : word.StartsWith(Option + "=", StringComparison.Ordinal) ? word[(Option.Length + 1)..] : null)
            .FirstOrDefault(static word => word is not null);
        var wanted = named ?? ((string[])["LC_ALL", "LC_MESSAGES", "LANG"]).Select(variable).FirstOrDefault(static value => !string.IsNullOrEmpty(value)) ?? "";
        return wanted == "fr" || wanted.StartsWith("fr_", StringComparison.Ordinal) || wanted.StartsWith("fr.", StringComparison.Ordinal) ? French : English;
    }

    /// <summary>A sentence in this language.</summary>
    public string Of(string english) => _translations is null ? english : _translations.Value.Of(english);

    /// <summary>The name of a field as readers of this language say it; programs read the field's own.</summary>
    public string LabelOf(string field) => _labels?.Value.GetValueOrDefault(field) ?? field.Replace('_', ' ');

    /// <summary>All sentences of a language by their key.</summary>
    public static IReadOnlyDictionary<string, string> PhrasesOf(string code) => Read("Phrases." + code);

    /// <summary>The labels of a language by their field.</summary>
    public static IReadOnlyDictionary<string, string> LabelsOf(string code) => Read("Labels." + code);

    private static Dictionary<string, string> Read(string file) =>
        new ResourceManager(file, typeof(Speech).Assembly).GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(static phrase => (string)phrase.Key, static phrase => (string)phrase.Value!, StringComparer.Ordinal);
}
