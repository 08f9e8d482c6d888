using System.CommandLine;

namespace Deconfliction.ClusterLoadTests;

/// <summary>What to measure, and how thoroughly.</summary>
internal sealed record ClusterLoadOptions
{
    /// <summary>Names of scenarios; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Alternating rounds; the median counts.</summary>
    public int Rounds { get; init; }

    /// <summary>How long a round is.</summary>
    public double Seconds { get; init; }

    /// <summary>How long each side runs before anything counts.</summary>
    public double WarmUp { get; init; }

    /// <summary>Numbers of silos of the curve.</summary>
    public IReadOnlyList<int> Silos { get; init; } = [];

    /// <summary>Percent of a processor that each silo of the curve gets.</summary>
    public int Share { get; init; }

    /// <summary>Connections of the plain way's storage.</summary>
    public int PlainPool { get; init; }

    /// <summary>Numbers of callers that are tried; the best one is measured.</summary>
    public IReadOnlyList<int> Callers { get; init; } = [];

    /// <summary>Path of the kept report without its extension: scenarios measured now take the place of what it has of them.</summary>
    public string? Keep { get; init; }
}

/// <summary>The command line.</summary>
internal static class ClusterLoadCommand
{
    /// <summary>Builds it.</summary>
    /// <param name="scenarios">Names that <c>--only</c> takes.</param>
    /// <param name="run">What it runs.</param>
    public static RootCommand Build(IEnumerable<string> scenarios, Func<ClusterLoadOptions, CancellationToken, Task<int>> run)
    {
        var only = new Option<string[]>("--only") { Description = "Only this scenario; may be repeated.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. scenarios]);
        var quick = new Option<bool>("--quick") { Description = "Two rounds of 2 s each: a look, not a figure." };
        var rounds = Number("--rounds", "Alternating rounds; 5 by default, 2 with --quick.", 5);
        var seconds = Number("--seconds", "Length of a round; 5 by default, 2 with --quick.", 5);
        var silos = new Option<int[]>("--silos")
        {
            Description = "Numbers of silos of the curve.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [1, 2, 3, 4],
        };
        var share = Number("--share", "Percent of a processor that each silo of the curve gets.", 20);
        var pool = Number("--plain-pool", "Connections of the plain way's storage.", 32);
        var callers = new Option<int[]>("--callers")
        {
            Description = "Numbers of callers that are tried.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [64, 256, 1024, 4096],
        };
        var keep = new Option<string?>("--keep") { Description = "Puts the figures into PATH.md and PATH.json, beside those of other scenarios that are there." };
        var root = new RootCommand("Measures the cluster edition on one machine: silos, database and callers together.")
        {
            only, quick, rounds, seconds, silos, share, pool, callers, keep,
        };
        root.SetAction((parsed, cancellationToken) =>
        {
            var isQuick = parsed.GetValue(quick);
            return run(
                new ClusterLoadOptions
                {
                    Only = parsed.GetValue(only) ?? [],
                    Rounds = isQuick ? 2 : parsed.GetValue(rounds),
                    Seconds = isQuick ? 2 : parsed.GetValue(seconds),
                    WarmUp = isQuick ? 4 : 8,
                    Silos = parsed.GetValue(silos)!,
                    Share = parsed.GetValue(share),
                    PlainPool = parsed.GetValue(pool),
                    Callers = parsed.GetValue(callers)!,
                    Keep = parsed.GetValue(keep),
                },
                cancellationToken);
        });
        return root;
    }

    private static Option<int> Number(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(int.TryParse(result.Tokens[0].Value, out var number) && number is >= 1 and <= 600))
            {
                result.AddError($"{name} is '{result.Tokens[0].Value}'; give a whole number from 1 to 600.");
            }
        });
        return option;
    }
}
