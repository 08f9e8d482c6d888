using Deconfliction.Contract.Setup;

namespace Deconfliction.Contract.RealInput;

/// <summary>The four organisations' lists, imported while nodes are killed.</summary>
public abstract class RealInputKillContract<TEdition>
    where TEdition : IEdition
{
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
        foreach (var import in await grid.ImportAllAsync())
        {
            var known = KnownFile.Of(import.Agency);
            AssertSummary(import, accepted: 0, known.Distinct + known.Repeated, known.Malformed.Count);
        }

        Assert.Equal(claims, await grid.CountClaimsAsync());
        await grid.AssertHoldsWhatIsKnownAsync();
    }

    /// <summary>Every line of the first import was answered as is known, for each agency by itself.</summary>
    protected static void AssertTotals(IReadOnlyList<Import> imports)
    {
        foreach (var import in imports)
        {
            var known = KnownFile.Of(import.Agency);
            AssertSummary(import, known.Distinct, known.Repeated, known.Malformed.Count);
            Assert.Equal(known.Malformed, import.Rejected.Select(line => line.GetProperty("line").GetInt32()).Order());
            Assert.All(import.Rejected, line =>
            {
                Assert.Equal("value", line.GetProperty("field").GetString());
                Assert.Equal("NOT_AN_IPV4_ADDRESS", line.GetProperty("reason").GetString());
            });
            Assert.Equal(known.Malformed.Count == 0 ? 0 : 1, import.ExitCode);
        }

        // All four, as counted once by hand: the plain lines that say what is known count right.
        Assert.Equal(
            (57_480, 3_300, 6),
            (imports.Sum(import => import.Count("accepted")), imports.Sum(import => import.Count("duplicates")), imports.Sum(import => import.Count("rejected"))));
    }

    private static void AssertSummary(Import import, int accepted, int duplicates, int rejected) => Assert.Equal(
        (import.Agency, accepted, duplicates, rejected),
        (import.Agency, import.Count("accepted"), import.Count("duplicates"), import.Count("rejected")));
}
