using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Tests.Nodes;

/// <summary>However values are dealt to nodes and stretches of time, the sum is the histogram of all of them.</summary>
public sealed class MergingTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Samples_OfAnyNodesAndStretches_AddUpToTheHistogramOfAllValues(int seed)
    {
        var random = new Random(seed);
        var (nodes, stretches) = (random.Next(1, 6), random.Next(1, 12));
        var all = new LiveHistogram();
        var live = Enumerable.Range(0, nodes).Select(_ => new LiveHistogram()).ToArray();
        var samples = live.Select(_ => new List<Sample>()).ToArray();
        for (var stretch = 0; stretch < stretches; stretch++)
        {
            for (var i = random.Next(0, 400); i > 0; i--)
            {
                var value = (long)Math.Exp(random.NextDouble() * Math.Log(1e11));
                all.Record(value);
                live[random.Next(nodes)].Record(value);
            }

            for (var node = 0; node < nodes; node++)
            {
                // Each at a moment of its own, a little early or late.
                var at = s_start.AddSeconds((5 * stretch) + (node * 1.1) + (random.NextDouble() * 0.4));
                samples[node].Add(Of(at, live[node].Take()));
            }
        }

        var expected = all.Take();
        var grid = AlignedSamples.Of(samples, Recorder.Period, s_start.AddHours(1));
        var sum = grid.Select(sample => sample.Histograms.GetValueOrDefault(SeriesNames.Claim)).OfType<HistogramPart>().Aggregate(
            (HistogramPart?)null, (before, part) => before is null ? part : before.Plus(part));
        Assert.Equal(expected?.Buckets, sum?.Buckets);
        Assert.Equal((expected?.Sum, expected?.Largest), (sum?.Sum, sum?.Largest));
        var dense = HistogramSum.Of(samples.SelectMany(node => node).Select(sample => sample.Histograms.GetValueOrDefault(SeriesNames.Claim)));
        Assert.All((double[])[0.01, 0.5, 0.95, 0.99, 1], share => Assert.Equal(dense.Quantile(share), expected?.Quantile(share)));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Fact]
    public void Align_WhereATimerIsLateAndThenEarly_ShowsNoSpike()
    {
        var even = Enumerable.Range(0, 20).Select(i => Of(s_start.AddSeconds((5 * i) + 2), claims: 10)).ToList();
        var uneven = Enumerable.Range(0, 20).Select(i => Of(s_start.AddSeconds((5 * i) + (i % 2 == 0 ? 0.01 : -0.01)), claims: 10)).ToList();
        var grid = AlignedSamples.Of([even, uneven], Recorder.Period, s_start.AddHours(1));
        Assert.Equal(400, grid.Sum(sample => sample.CountOf(SeriesNames.Overlap)));
        Assert.All(grid, sample => Assert.InRange(sample.CountOf(SeriesNames.Overlap) / sample.Length.TotalSeconds, 1.9, 4.1));
    }

    [Fact]
    public void Align_WhereANodesNewestIsStillToCome_HoldsTheNewestBack()
    {
        List<Sample> quick = [Of(s_start, claims: 1), Of(s_start.AddSeconds(5), claims: 1)];
        List<Sample> slow = [Of(s_start.AddSeconds(1), claims: 1)];
        Assert.Equal(2, Assert.Single(AlignedSamples.Of([quick, slow], Recorder.Period, s_start.AddSeconds(5.5))).CountOf(SeriesNames.Overlap));
        // One that is gone is not waited for.
        Assert.Equal(2, AlignedSamples.Of([quick, slow], Recorder.Period, s_start.AddSeconds(12)).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void History_FilledInPieces_IsWhatTheNodeHasItself(int most)
    {
        var (ring, history) = (new SampleRing(), new NodeHistory());
        var added = 0;
        foreach (var more in (int[])[1, 59, 1, 200, 0, 700])
        {
            for (var i = 0; i < more; i++)
            {
                ring.Add(Of(s_start.AddSeconds(5 * ++added), claims: 2));
            }

            SampleBatch batch;
            do
            {
                var mark = history.Mark;
                batch = ring.After(mark, most);
                history.Add(mark, batch);
            }
            while (batch.IsMore);

            Assert.Equal(ring.Fine().Select(sample => sample.At), history.Fine().Select(sample => sample.At));
            Assert.Equal(
                ring.Coarse().Select(sample => (sample.At, sample.Length, sample.CountOf(SeriesNames.Overlap))),
                history.Coarse().Select(sample => (sample.At, sample.Length, sample.CountOf(SeriesNames.Overlap))));
        }
    }

    private static Sample Of(DateTimeOffset at, HistogramPart? part) => new(
        at, TimeSpan.FromSeconds(5), part is null ? [] : new Dictionary<string, HistogramPart> { [SeriesNames.Claim] = part }, new Dictionary<string, long>(),
        new Dictionary<string, double>());

    private static Sample Of(DateTimeOffset at, long claims) => new(
        at, TimeSpan.FromSeconds(5), new Dictionary<string, HistogramPart>(), new Dictionary<string, long> { [SeriesNames.Overlap] = claims },
        new Dictionary<string, double>());
}
