using System.Text.Json;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Reporting;

namespace Deconfliction.ClusterLoadTests.Setup;

/// <summary>
/// The kept report: a whole run takes longer than a machine can often be had alone, so its scenarios may be measured one after another,
/// each taking the place of what the report had of it.
/// </summary>
internal static class KeptReport
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Puts a report's figures into <c>PATH.json</c> and <c>PATH.md</c>.</summary>
    public static async Task AddAsync(string path, Report measured)
    {
        var json = path + ".json";
        var whole = new Report(measured.Machine, measured.At, measured.Title, measured.Setting);
        var scenarios = measured.Figures.Select(static figure => figure.Scenario).ToHashSet(StringComparer.Ordinal);
        if (File.Exists(json))
        {
            var before = JsonSerializer.Deserialize<Content>(await File.ReadAllTextAsync(json), s_json)!;
            foreach (var figure in before.Figures.Where(figure => !scenarios.Contains(figure.Scenario)))
            {
                whole.Add(figure);
            }

            foreach (var note in before.Notes.Where(note => !measured.Notes.Any(newer => IsOfTheSame(note, newer))))
            {
                whole.Note(note);
            }
        }

        foreach (var figure in measured.Figures)
        {
            whole.Add(figure);
        }

        foreach (var note in measured.Notes)
        {
            whole.Note(note);
        }

        await File.WriteAllTextAsync(json, whole.ToJson());
        await File.WriteAllTextAsync(path + ".md", MarkdownReport.Write(whole));
    }

    // A note begins with what it is about, up to the first colon.
    private static bool IsOfTheSame(string note, string newer) =>
        note.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && newer.StartsWith(note[..(colon + 1)], StringComparison.Ordinal);

    private sealed record Content(IReadOnlyList<Figure> Figures, IReadOnlyList<string> Notes);
}
