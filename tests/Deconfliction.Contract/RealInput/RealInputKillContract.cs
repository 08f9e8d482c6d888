using System.Text.Json;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.RealInput;

/// <summary>The four organisations' lists, imported while nodes are killed.</summary>
public abstract class RealInputKillContract<TEdition>
    where TEdition : IEdition
{
    private static readonly string[] Agencies = ["amnesty", "avast", "eset", "sophos"];

    [RealInputFact]
    public async Task Import_NodesKilledThreeTimes_GivesTheSame()
    {
        await using var grid = await RealGrid.StartAsync<TEdition>();
        var imports = grid.ImportAllAsync();

        // Those with the longest files, so that there is something to break off each time.
        await grid.KillAndRestartAtAsync(6_000, "eset", "sophos");
        await grid.KillAndRestartAtAsync(22_000, "sophos", "eset");
        await grid.KillAndRestartAtAsync(41_000, "sophos", "eset");

        AssertTotals(await imports);
        Assert.Equal(57_480, await grid.CountClaimsAsync());
        await grid.AssertHoldsWhatIsKnownAsync();
        await AssertNothingIsNewAsync(grid);
    }

    /// <summary>All files once more: every line is a duplicate, and nothing changes.</summary>
    protected static async Task AssertNothingIsNewAsync(RealGrid grid)
    {
        var claims = await grid.CountClaimsAsync();
        var again = await grid.ImportAllAsync();
        Assert.Equal(0, again.Sum(import => import.Count("accepted")));
        Assert.Equal(60_780, again.Sum(import => import.Count("duplicates")));
        Assert.Equal(6, again.Sum(import => import.Count("rejected")));
        Assert.Equal(claims, await grid.CountClaimsAsync());
        await grid.AssertHoldsWhatIsKnownAsync();
    }

    /// <summary>Every line of the first import was answered as is known.</summary>
    protected static void AssertTotals(IReadOnlyList<Import> imports)
    {
        Assert.Equal(57_480, imports.Sum(import => import.Count("accepted")));
        Assert.Equal(3_300, imports.Sum(import => import.Count("duplicates")));
        Assert.Equal(6, imports.Sum(import => import.Count("rejected")));
        var rejected = imports.SelectMany(import => import.Rejected).ToList();
        Assert.Equal(6, rejected.Count);
        Assert.All(rejected, line =>
        {
            Assert.True(line.GetProperty("line").GetInt32() > 1);
            Assert.Equal("value", line.GetProperty("field").GetString());
            Assert.Equal("NOT_AN_IPV4_ADDRESS", line.GetProperty("reason").GetString());
        });
        foreach (var import in imports)
        {
            Assert.Equal(import.Count("rejected") == 0 ? 0 : 1, import.ExitCode);
            var expected = Malformed(import.Agency);
            Assert.Equal(expected, import.Rejected.Select(line => line.GetProperty("line").GetInt32()).Order());
        }
    }

    // A row is malformed where it says ip, is no IPv6 address (they hold colons) and is not four numbers up to 255, be it defanged or
    // not: said here again, apart from the code under test.
    private static IEnumerable<int> Malformed(string agency) =>
        File.ReadLines(Path.Combine(Repository.RealInput!, agency + ".tsv"))
            .Select((line, index) => (Cells: line.Replace("[.]", ".", StringComparison.Ordinal).Split('\t'), Number: index + 1))
            .Where(row => row.Number > 1 && row.Cells[0] == "ip" && !row.Cells[1].Contains(':', StringComparison.Ordinal)
                && !(row.Cells[1].Split('.') is { Length: 4 } parts && parts.All(part => int.TryParse(part, out var number) && number < 256)))
            .Select(row => row.Number);
}
