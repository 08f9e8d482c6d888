using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Tests.Telemetry;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void Quantile_OfManyScales_IsWithinItsErrorOfTheTrueOne(double share)
    {
        var random = new Random(20261);
        // From microseconds to minutes, so that every power of two is met.
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * Math.Log(100e9))).ToArray();
        var live = new LiveHistogram();
        foreach (var value in values)
        {
            live.Record(value);
        }

        var found = HistogramSum.Of([live.Take()]).Quantile(share)!.Value;
        Array.Sort(values);
        var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
        Assert.InRange(found, (exact * (1 - LogLinear.RelativeError)) - 1, (exact * (1 + LogLinear.RelativeError)) + 1);
    }

    [Fact]
    public void Buckets_FromZeroToTheLargest_AscendAndHoldTheirOwnMiddle()
    {
        for (var bucket = 0; bucket < LogLinear.Count; bucket++)
        {
            Assert.Equal(bucket, LogLinear.BucketOf((long)LogLinear.MiddleOf(bucket)));
        }

        Assert.Equal(LogLinear.Count - 1, LogLinear.BucketOf(LogLinear.Largest));
        Assert.Equal(LogLinear.Count - 1, LogLinear.BucketOf(long.MaxValue));
        Assert.Equal(0, LogLinear.BucketOf(-5));
    }

    [Fact]
    public void Sum_OfTwoNodes_HasThePercentileOfAllValuesAndNotTheMeanOfTheirs()
    {
        var (busy, idle) = (new LiveHistogram(), new LiveHistogram());
        for (var i = 0; i < 990; i++)
        {
            busy.Record(1_000);
        }

        for (var i = 0; i < 10; i++)
        {
            idle.Record(1_000_000);
        }

        var sum = HistogramSum.Of([busy.Take(), null, idle.Take()]);
        Assert.Equal(1_000, sum.Count);
        Assert.InRange(sum.Quantile(0.98)!.Value, 960, 1_040);
        Assert.InRange(sum.Quantile(0.995)!.Value, 960_000, 1_000_000);
        Assert.Equal(1_000_000, sum.Largest);
    }

    [Fact]
    public void Take_Twice_GivesEachValueOnce()
    {
        var live = new LiveHistogram();
        live.Record(7);
        Assert.Equal(1, live.Take()!.Count);
        Assert.Null(live.Take());
        live.Record(9);
        var second = live.Take()!;
        Assert.Equal((1, 9, 9), (second.Count, second.Sum, second.Largest));
    }

    [Fact]
    public async Task Record_FromManyThreads_LosesNone()
    {
        var live = new LiveHistogram();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                live.Record((thread * 1000) + i);
            }
        })));
        Assert.Equal(80_000, live.Take()!.Count);
    }

    [Fact]
    public void Quantile_OfNothing_IsNothing() => Assert.Null(new HistogramSum().Quantile(0.5));
}
