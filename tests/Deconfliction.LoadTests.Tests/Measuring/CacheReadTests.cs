using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Tests.Measuring;

public sealed class CacheReadTests
{
    [Fact]
    public void NewRing_PassesEachLineOnce()
    {
        var next = CacheRead.NewRing();
        var (at, steps) = (next[0], 1);
        while (at != 0)
        {
            at = next[at];
            steps++;
        }

        Assert.Equal(next.Length / 16, steps);
    }

    [Fact]
    public void Measure_IsATime() => Assert.InRange(CacheRead.Measure(), 1, 100_000);
}
