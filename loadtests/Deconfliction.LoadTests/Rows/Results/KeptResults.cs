using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deconfliction.LoadTests.Rows.Results;

/// <summary>
/// Results in a file. A whole run takes longer than a machine can often be had alone, so rows may be measured one after another, each
/// taking the place of what the file had of it; each says when it was measured, and what.
/// </summary>
internal static class KeptResults
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Puts what was measured into <c>PATH.json</c> and <c>PATH.md</c>.</summary>
    /// <param name="path">The path without extension.</param>
    /// <param name="measured">What was measured.</param>
    /// <param name="order">All rows, in the order of the table.</param>
    /// <returns>All that there is now.</returns>
    public static async Task<RunResult> AddAsync(string path, RunResult measured, IReadOnlyList<string> order)
    {
        var before = File.Exists(path + ".json") ? Read(await File.ReadAllTextAsync(path + ".json")) : measured;
        var whole = Merge(before, measured, order);
        await File.WriteAllTextAsync(path + ".json", Write(whole));
        await File.WriteAllTextAsync(path + ".md", RowMarkdown.Write(whole));
        return whole;
    }

    /// <summary>The rows of both, the newer ones in the place of the older; one that was left out now takes nobody's place.</summary>
    public static RunResult Merge(RunResult before, RunResult measured, IReadOnlyList<string> order)
    {
        var newer = measured.Rows.Where(row => row.LeftOut is null || before.Rows.All(older => older.Row != row.Row)).ToList();
        return measured with
        {
            Rows =
            [
                .. before.Rows.Where(row => newer.TrueForAll(one => one.Row != row.Row)).Concat(newer)
                    .OrderBy(row => order.TakeWhile(name => name != row.Row).Count()),
            ],
        };
    }

    /// <summary>For programs.</summary>
    public static string Write(RunResult run) => JsonSerializer.Serialize(run, s_json);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static RunResult Read(string json) =>
        JsonSerializer.Deserialize<RunResult>(json, s_json) ?? throw new JsonException("There are no results in it.");
}
