using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Tests.Measuring;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_AnyTimes_IsWithinOneIn64OfTheSortedList()
    {
        var random = new Random(20_240_601);
        var histogram = new LatencyHistogram();
        // From nanoseconds to hours: exponents as likely as each other.
        long[] times = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 13))];
        foreach (var time in times)
        {
            histogram.Record(time);
        }

        Array.Sort(times);
        foreach (var share in (double[])[0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1])
        {
            var exact = times[Math.Max(0, (int)Math.Ceiling(share * times.Length) - 1)];
            Assert.InRange(histogram.Percentile(share), exact, exact + (exact / 64));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1_000_000)]
    [InlineData((1L << 40) - 1)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    public void Percentile_OneTime_IsThatTime(long time)
    {
        var histogram = new LatencyHistogram();

        histogram.Record(time);

        Assert.Equal(time, histogram.Percentile(0.5));
        Assert.Equal(time, histogram.Longest);
    }

    [Fact]
    public void Percentile_TwoTimesSideBySide_AreToldApartUpTo128()
    {
        for (var time = 0; time < 127; time++)
        {
            var histogram = new LatencyHistogram();
            histogram.Record(time);
            histogram.Record(time + 1);

            Assert.Equal(time, histogram.Percentile(0.5));
            Assert.Equal(time + 1, histogram.Percentile(0.51));
        }
    }

    [Fact]
    public void Add_TwoHistograms_GivesWhatOneWouldHave()
    {
        var (one, other, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var i = 0; i < 1_000; i++)
        {
            (i % 3 == 0 ? one : other).Record(i * 977L);
            both.Record(i * 977L);
        }

        one.Add(other);

        Assert.Equal(1_000, one.Count);
        Assert.Equal(both.Longest, one.Longest);
        Assert.All([0.1, 0.5, 0.9, 0.99, 1.0], share => Assert.Equal(both.Percentile(share), one.Percentile(share)));
    }

    [Fact]
    public void Percentile_Nothing_IsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(0.99));

    [Fact]
    public void Record_Negative_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Record(-1));
}
