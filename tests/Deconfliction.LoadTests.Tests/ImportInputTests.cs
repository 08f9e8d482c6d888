using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Tests;

public sealed class ImportInputTests
{
    [Fact]
    public void Prepare_RealOrGenerated_HoldsAllLinesOnce()
    {
        using var input = ImportInput.Prepare();

        var lines = File.ReadAllLines(input.AllInOne);

        Assert.Equal("kind\tvalue", lines[0]);
        Assert.Equal(input.Files.Sum(file => File.ReadLines(file.Path).Count() - 1), lines.Length - 1);
        Assert.InRange(lines.Length, 60_700, 60_800);
        Assert.All(lines, line => Assert.Equal(2, line.Split('\t').Length));
    }

    [Fact]
    public void Sha256_ManyNumbers_AreDistinctAndWellFormed()
    {
        var values = Enumerable.Range(-1_000, 20_000).Select(number => GeneratedValues.Sha256(number)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(20_000, values.Count);
        Assert.All(values, value => Assert.Matches("^[0-9a-f]{64}$", value));
    }
}
