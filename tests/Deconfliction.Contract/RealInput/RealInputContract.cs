using Deconfliction.Contract.Setup;

namespace Deconfliction.Contract.RealInput;

/// <summary>
/// Four organisations' lists, imported as they were published: every claim, every own duplicate, every malformed row and every
/// overlap is known beforehand, found by a plain script.
/// </summary>
public abstract class RealInputContract<TEdition> : RealInputKillContract<TEdition>
    where TEdition : IEdition
{
    [RealInputFact]
    public async Task Import_FourFiles_FindsExactlyTheKnownOverlaps()
    {
        await using var grid = await RealGrid.StartAsync<TEdition>();
        var first = await grid.ImportAllAsync();
        AssertTotals(first);
        Assert.Equal(57_480, await grid.CountClaimsAsync());
        await grid.AssertHoldsWhatIsKnownAsync();
        await AssertNothingIsNewAsync(grid);
    }
}
