namespace Deconfliction.Cli.Text;

/// <summary>Sentences by their English. <c>{0}</c> and its kin stand for what differs each time.</summary>
internal sealed class Translations
{
    private readonly Dictionary<string, string> _whole = new(StringComparer.Ordinal);
    private readonly List<(Template English, string Other)> _templates = [];

    /// <summary>Pairs them by their keys.</summary>
    public Translations(IReadOnlyDictionary<string, string> english, IReadOnlyDictionary<string, string> other)
    {
        foreach (var (key, sentence) in english)
        {
            if (sentence.Contains('{', StringComparison.Ordinal))
            {
                _templates.Add((new Template(sentence), other[key]));
            }
            else
            {
                _whole.TryAdd(sentence, other[key]);
            }
        }

        // The most specific first: the one with the most text of its own.
        _templates.Sort(static (a, b) => b.English.Length.CompareTo(a.English.Length));
    }

    /// <summary>The translation, or the English where there is none.</summary>
    public string Of(string english)
    {
        if (_whole.TryGetValue(english, out var known))
        {
            return known;
        }

        foreach (var (template, other) in _templates)
        {
            if (template.Read(english) is { } values)
            {
                return Template.Fill(other, values);
            }
        }

        return english;
    }
}

/// <summary>A sentence with places in it.</summary>
internal sealed class Template
{
    private readonly List<string> _texts = [];
    private readonly List<int> _places = [];

    public Template(string sentence)
    {
        var from = 0;
        for (var at = sentence.IndexOf('{', StringComparison.Ordinal); at >= 0; at = sentence.IndexOf('{', from))
        {
            _texts.Add(sentence[from..at]);
            _places.Add(sentence[at + 1] - '0');
            from = at + 3;
        }

        _texts.Add(sentence[from..]);
    }

    /// <summary>How much text is its own.</summary>
    public int Length => _texts.Sum(static text => text.Length);

    /// <summary>What stands at its places in a sentence; nothing where the sentence is another.</summary>
    public IReadOnlyDictionary<int, string>? Read(string sentence)
    {
        if (!sentence.StartsWith(_texts[0], StringComparison.Ordinal) || !sentence.EndsWith(_texts[^1], StringComparison.Ordinal))
        {
            return null;
        }

        var values = new Dictionary<int, string>();
        var (from, end) = (_texts[0].Length, sentence.Length - _texts[^1].Length);
        for (var i = 0; i < _places.Count; i++)
        {
            var until = i == _places.Count - 1 ? end : sentence.IndexOf(_texts[i + 1], from, StringComparison.Ordinal);
            if (until < from || until > end)
            {
                return null;
            }

            values[_places[i]] = sentence[from..until];
            from = until + _texts[i + 1].Length;
        }

        return values;
    }

    /// <summary>A sentence of another language with the same at its places.</summary>
    public static string Fill(string other, IReadOnlyDictionary<int, string> values)
    {
        var template = new Template(other);
        return string.Concat(template._texts.Select((text, i) => i < template._places.Count ? text + values[template._places[i]] : text));
    }
}
