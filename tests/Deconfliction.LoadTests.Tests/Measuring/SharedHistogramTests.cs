using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Tests.Measuring;

public sealed class SharedHistogramTests
{
    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        var shared = new SharedHistogram();

        Parallel.For(0, 16, writer =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                shared.Record(TimeSpan.FromMicroseconds(1 + writer));
            }
        });

        var sum = shared.Sum();
        Assert.Equal(32_000, sum.Count);
        Assert.Equal(16_000, sum.Longest);
    }
}
