using System.CommandLine;

namespace Deconfliction.LoadTests.Rows;

/// <summary>The command line of <c>loadtests/run</c>.</summary>
internal static class RowCommand
{
    /// <summary>The live claims that the row is asked for.</summary>
    public const int AskedLargeClaims = 10_000_000;

    /// <summary>Builds it.</summary>
    /// <param name="rows">Names that <c>--only</c> takes.</param>
    /// <param name="run">What it runs.</param>
    public static RootCommand Build(IEnumerable<string> rows, Func<RowOptions, CancellationToken, Task<int>> run)
    {
        var only = new Option<string[]>("--only") { Description = "Only this row; may be repeated.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. rows]);
        var quick = new Option<bool>("--quick") { Description = "Two short rounds each, in at most 8 minutes: a look, not a figure." };
        var large = new Option<bool>("--large") { Description = "The rows that need a large store, filled through the ledger, and no others." };
        var rounds = Number("--rounds", "Alternating rounds; 5 by default, 2 with --quick.", 1, 99);
        var seconds = Number("--seconds", "Length of a round; 5 by default, 2 with --quick.", 1, 600);
        var largeClaims = Number("--large-claims", "Live claims of the large store; 10,000,000 by default.", 200_000, 100_000_000);
        var keep = new Option<string?>("--keep") { Description = "Puts the rows into PATH.md and PATH.json, in the place of what these have of them." };
        var readme = new Option<string?>("--readme") { Description = "Puts the kept table into this file, between its two marks." };
        var withoutSilo = new Option<string?>("--without-silo") { Description = "Leaves the cluster edition out, for this reason." };
        var commit = new Option<string>("--commit") { Description = "What is measured, for the report.", DefaultValueFactory = static _ => "unknown" };
        var root = new RootCommand("Measures the grid against what a user would pick instead, in turn, on this machine.")
        {
            only, quick, large, rounds, seconds, largeClaims, keep, readme, withoutSilo, commit,
        };
        root.SetAction((parsed, cancellationToken) =>
        {
            var isQuick = parsed.GetValue(quick);
            return run(
                new RowOptions
                {
                    Only = parsed.GetValue(only) ?? [],
                    IsQuick = isQuick,
                    IsLarge = parsed.GetValue(large),
                    Rounds = parsed.GetValue(rounds) ?? (isQuick ? 2 : 5),
                    Length = TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? (isQuick ? 2 : 5)),
                    Trial = TimeSpan.FromSeconds(isQuick ? 1 : 3),
                    WarmUp = TimeSpan.FromSeconds(isQuick ? 2 : 10),
                    LargeClaims = parsed.GetValue(largeClaims) ?? AskedLargeClaims,
                    Keep = parsed.GetValue(keep),
                    Readme = parsed.GetValue(readme),
                    WithoutSilo = parsed.GetValue(withoutSilo),
                    Commit = parsed.GetValue(commit)!,
                },
                cancellationToken);
        });
        return root;
    }

    private static Option<int?> Number(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(int.TryParse(result.Tokens[0].Value, out var value) && value >= least && value <= most))
            {
                result.AddError($"{name} is '{result.Tokens[0].Value}'; give a whole number from {least} to {most}.");
            }
        });
        return option;
    }
}
