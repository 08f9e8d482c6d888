using System.Diagnostics.Metrics;
using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Tests.Telemetry;

public sealed class SamplingTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ring_AfterADay_HoldsAQuarterOfAnHourFineAndADayCoarse()
    {
        var ring = new SampleRing();
        for (var i = 1; i <= 17_280 + 720; i++)
        {
            ring.Add(Of(s_start.AddSeconds(5 * i), claims: 2));
        }

        Assert.Equal(SampleRing.FineCount, ring.Fine().Count);
        var coarse = ring.Coarse();
        Assert.Equal(SampleRing.CoarseCount, coarse.Count);
        Assert.All(coarse, sample => Assert.Equal((120, TimeSpan.FromMinutes(5)), (sample.CountOf(SeriesNames.Overlap), sample.Length)));
    }

    [Fact]
    public void Sum_OfNodes_AddsGaugesAndOfTimeKeepsTheLast()
    {
        Sample[] two = [Of(s_start, 1, backlog: 3), Of(s_start.AddSeconds(5), 4, backlog: 5)];
        Assert.Equal(8, Sample.Sum(two, s_start, two[0].Length, addGauges: true).Gauges[SeriesNames.Backlog]);
        var inTime = Sample.Sum(two, s_start, 2 * two[0].Length, addGauges: false);
        Assert.Equal((5, 5), (inTime.Gauges[SeriesNames.Backlog], inTime.CountOf(SeriesNames.Overlap)));
    }

    [Fact]
    public void Reading_OfTheGridsInstruments_CountsWhatWasMeasured()
    {
        using var meter = new Meter("test of the dashboard");
        var claims = meter.CreateHistogram<double>(SeriesNames.Claim, "s");
        var calls = meter.CreateHistogram<double>(SeriesNames.Rpc, "s");
        var groups = meter.CreateHistogram<int>(SeriesNames.GroupSize, "{item}");
        var overlaps = meter.CreateCounter<long>(SeriesNames.Overlap);
        var backlog = meter.CreateUpDownCounter<long>(SeriesNames.Backlog);
        meter.CreateObservableGauge(SeriesNames.Actors, () => 41L);
        using var reading = new MeterReading(one => one == meter);
        claims.Record(0.020);
        calls.Record(0.5, new("rpc.method", "/s/M"), new("rpc.response.status_code", "OK"));
        groups.Record(64);
        overlaps.Add(3);
        backlog.Add(5);
        backlog.Add(-2);

        var sample = reading.Take(s_start, TimeSpan.FromSeconds(5), new Dictionary<string, double> { [SeriesNames.Cpu] = 0.5 });
        Assert.InRange(HistogramSum.Of([sample.Histograms[SeriesNames.Claim]]).Quantile(0.5)!.Value / 1e9, 0.0195, 0.0205);
        Assert.Equal(1, sample.CountOf(SeriesNames.OfCall("/s/M", "OK")));
        Assert.Equal(64, sample.Histograms[SeriesNames.GroupSize].Largest);
        Assert.Equal(3, sample.CountOf(SeriesNames.Overlap));
        Assert.Equal((3, 41, 0.5), (sample.Gauges[SeriesNames.Backlog], sample.Gauges[SeriesNames.Actors], sample.Gauges[SeriesNames.Cpu]));
        Assert.Equal(0, reading.Take(s_start, TimeSpan.FromSeconds(5), sample.Gauges).CountOf(SeriesNames.Overlap));
    }

    [Fact]
    public void Reading_OfTheDriversPools_AddsUpWhatIsInUse()
    {
        using var meter = new Meter("test of the dashboard's pools");
        using var reading = new MeterReading(one => one == meter);
        Assert.DoesNotContain(SeriesNames.PoolUsed, reading.Take(s_start, TimeSpan.FromSeconds(5), new Dictionary<string, double>()).Gauges.Keys);
        var used = 3;
        meter.CreateObservableUpDownCounter(SeriesNames.PoolUsed, () => (Measurement<int>[])
        [
            new(used, new("db.client.connection.pool.name", "ledger"), new("db.client.connection.state", "used")),
            new(7, new("db.client.connection.pool.name", "ledger"), new("db.client.connection.state", "idle")),
            new(1, new("db.client.connection.pool.name", "membership"), new("db.client.connection.state", "used")),
        ]);
        Assert.Equal(4, reading.Take(s_start, TimeSpan.FromSeconds(5), new Dictionary<string, double>()).Gauges[SeriesNames.PoolUsed]);
        used = 0;
        Assert.Equal(1, reading.Take(s_start, TimeSpan.FromSeconds(5), new Dictionary<string, double>()).Gauges[SeriesNames.PoolUsed]);
    }

    [Fact]
    public void Reading_OfEndlessMethods_StaysBounded()
    {
        using var meter = new Meter("test of the dashboard's bounds");
        var calls = meter.CreateHistogram<double>(SeriesNames.Rpc, "s");
        using var reading = new MeterReading(one => one == meter);
        for (var i = 0; i < 5_000; i++)
        {
            calls.Record(0.001, new("rpc.method", $"/s/{i}"), new("rpc.response.status_code", "OK"));
        }

        var sample = reading.Take(s_start, TimeSpan.FromSeconds(5), new Dictionary<string, double>());
        Assert.InRange(sample.Histograms.Count, 2, 520);
        Assert.Equal(5_000, sample.Histograms.Values.Sum(part => part.Count));
    }

    private static Sample Of(DateTimeOffset at, long claims, double backlog = 0) => new(
        at, TimeSpan.FromSeconds(5), new Dictionary<string, HistogramPart>(), new Dictionary<string, long> { [SeriesNames.Overlap] = claims },
        new Dictionary<string, double> { [SeriesNames.Backlog] = backlog });
}
