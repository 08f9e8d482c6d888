using System.Text.Json;
using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Reporting;

/// <summary>All figures of a run, and where and from what they were measured.</summary>
internal sealed class Report(Machine machine, DateTimeOffset at, string title = "One machine", string setting = "Server, database and client together")
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private readonly List<Figure> _figures = [];
    private readonly List<string> _notes = [];

    /// <summary>What it is of, as its heading says.</summary>
    public string Title => title;

    /// <summary>What ran on the machine.</summary>
    public string Setting => setting;

    /// <summary>What was measured.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>What a reader must know of them.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Where.</summary>
    public Machine Machine => machine;

    /// <summary>When it began.</summary>
    public DateTimeOffset At => at;

    /// <summary>Adds a figure.</summary>
    public void Add(Figure figure) => _figures.Add(figure);

    /// <summary>Adds a note, once.</summary>
    public void Note(string text)
    {
        if (!_notes.Contains(text, StringComparer.Ordinal))
        {
            _notes.Add(text);
        }
    }

    /// <summary>Everything, for programs.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { at, machine, notes = _notes, figures = _figures }, s_json);
}
