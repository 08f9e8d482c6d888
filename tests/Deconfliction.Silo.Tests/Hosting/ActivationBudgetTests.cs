using Deconfliction.Silo.Hosting;

namespace Deconfliction.Silo.Tests.Hosting;

public sealed class ActivationBudgetTests
{
    private const long GiB = 1024 * 1024 * 1024;

    [Theory]
    [InlineData(GiB / 4, 20_000, GiB / 16)]
    [InlineData(2 * GiB, 104_857, GiB / 4)]
    [InlineData(24 * GiB, 400_000, GiB)]
    public void Of_AProcessesMemory_IsAShareOfIt_WithinBounds(long memory, int count, long bytes) =>
        Assert.Equal(new ActivationBudget(count, bytes), ActivationBudget.Of(memory));

    [Theory]
    [InlineData(GiB / 2)]
    [InlineData(GiB)]
    [InlineData(64 * GiB)]
    public void Of_AnyMemory_TakesAThirdOfItAtMost(long memory)
    {
        var budget = ActivationBudget.Of(memory);
        Assert.InRange((budget.Count * 3L * 1024) + budget.Bytes, 0, memory / 3);
    }
}
