using System.CommandLine;

namespace Deconfliction.LoadTests;

/// <summary>Which database.</summary>
internal enum Store
{
    /// <summary>The embedded one.</summary>
    Sqlite,

    /// <summary>A PostgreSQL of this run's own.</summary>
    Postgres,
}

/// <summary>What to measure, and how thoroughly.</summary>
internal sealed record LoadOptions
{
    /// <summary>Names of scenarios; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Databases.</summary>
    public IReadOnlyList<Store> Stores { get; init; } = [Store.Sqlite, Store.Postgres];

    /// <summary>A look, not a figure.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether the figures with a million claims are measured too.</summary>
    public bool Large { get; init; }

    /// <summary>Rounds of the short figures; the median counts.</summary>
    public int Rounds { get; init; }

    /// <summary>How long a round of calls is measured.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>How long calls are made before the first round, so that the programs are compiled and the caches filled.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Numbers of concurrent callers.</summary>
    public IReadOnlyList<int> Callers { get; init; } = [];

    /// <summary>Connections that the callers share.</summary>
    public int Connections { get; init; }

    /// <summary>Where the Markdown report goes; standard output in any case.</summary>
    public string? Markdown { get; init; }

    /// <summary>Where the JSON report goes.</summary>
    public string? Json { get; init; }
}

/// <summary>The command line.</summary>
internal static class LoadCommand
{
    /// <summary>Builds it.</summary>
    /// <param name="scenarios">Names that <c>--only</c> takes.</param>
    /// <param name="run">What it runs.</param>
    public static RootCommand Build(IEnumerable<string> scenarios, Func<LoadOptions, CancellationToken, Task<int>> run)
    {
        var only = new Option<string[]>("--only") { Description = "Only this scenario; may be repeated.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. scenarios]);
        var store = new Option<string>("--store") { Description = "sqlite, postgres or both.", DefaultValueFactory = _ => "both" };
        store.AcceptOnlyFromAmong("sqlite", "postgres", "both");
        var quick = new Option<bool>("--quick") { Description = "One round of 2 s each: a look, not a figure." };
        var large = new Option<bool>("--large") { Description = "Also the figures with 1,000,000 claims: some minutes a store." };
        var callers = new Option<int[]>("--callers")
        {
            Description = "Numbers of concurrent callers.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 16, 64, 256],
        };
        var seconds = new Option<int?>("--seconds") { Description = "Length of a round; 5 by default, 2 with --quick." };
        var rounds = new Option<int?>("--rounds") { Description = "Rounds of a short figure; 3 by default, 1 with --quick." };
        var connections = new Option<int>("--connections") { Description = "Connections that the callers share.", DefaultValueFactory = _ => 2 };
        var markdown = new Option<string?>("--markdown") { Description = "Also writes the report to this file." };
        var json = new Option<string?>("--json") { Description = "Writes the figures to this file." };
        foreach (var number in (Option[])[seconds, rounds, connections])
        {
            number.Validators.Add(result =>
            {
                if (result.Tokens.Count > 0 && !(int.TryParse(result.Tokens[0].Value, out var value) && value is >= 1 and <= 600))
                {
                    result.AddError($"{number.Name} is '{result.Tokens[0].Value}'; give a whole number from 1 to 600.");
                }
            });
        }

        var root = new RootCommand("Measures the grid on one machine: server, database and callers together, over mutual TLS on the loopback.")
        {
            only, store, quick, large, callers, seconds, rounds, connections, markdown, json,
        };
        root.SetAction((parsed, cancellationToken) =>
        {
            var isQuick = parsed.GetValue(quick);
            return run(
                new LoadOptions
                {
                    Only = parsed.GetValue(only) ?? [],
                    Stores = parsed.GetValue(store) switch { "sqlite" => [Store.Sqlite], "postgres" => [Store.Postgres], _ => [Store.Sqlite, Store.Postgres] },
                    IsQuick = isQuick,
                    Large = parsed.GetValue(large),
                    Rounds = parsed.GetValue(rounds) ?? (isQuick ? 1 : 3),
                    Length = TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? (isQuick ? 2 : 5)),
                    WarmUp = TimeSpan.FromSeconds(isQuick ? 3 : 8),
                    Callers = parsed.GetValue(callers)!,
                    Connections = parsed.GetValue(connections),
                    Markdown = parsed.GetValue(markdown),
                    Json = parsed.GetValue(json),
                },
                cancellationToken);
        });
        return root;
    }
}
