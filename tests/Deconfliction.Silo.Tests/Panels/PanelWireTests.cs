using System.Text;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Silo.Panels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit.Abstractions;

namespace Deconfliction.Silo.Tests.Panels;

/// <summary>What a silo tells the pages of another: all that they show, in few bytes.</summary>
public sealed class PanelWireTests(ITestOutputHelper output) : IDisposable
{
    // What a full silo says every two seconds, and once in a while of a thousand agencies beside.
    private const int MostBytes = 12 * 1024;
    private const int MostBytesWithAgencies = 96 * 1024;
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(static serializer => serializer.AddAssembly(typeof(PanelReport).Assembly)).BuildServiceProvider();

    [Fact]
    public void Report_OfAFullSilo_ComesAsItWent()
    {
        var (view, samples) = (View(), new SampleBatch([Sample(1), Sample(2)], [Sample(3)], new SampleMark(812, 40), IsMore: true));
        var report = Roundtrip(PanelWire.Write(view, samples, s_now.AddHours(-2), withAgencies: true), out _);
        var came = PanelWire.Read(report, view with { Version = "", Problem = "", Activations = [], Problems = [], Identifiers = [], Overlaps = [] });

        Assert.Equal((view.Version, view.Problem, view.StartedAt), (came.Version, came.Problem, came.StartedAt));
        Assert.Equal(s_now.AddHours(-2), report.JoinedAt);
        Assert.Equal(view.Activations, came.Activations);
        Assert.Equal(view.Problems.OrderBy(one => one.Reason), came.Problems.OrderBy(one => one.Reason));
        Assert.Equal(view.Identifiers, came.Identifiers);
        Assert.Equal(view.Overlaps, came.Overlaps);
        Assert.Equal(view.Agencies.OrderBy(one => one.Agency), PanelWire.Agencies(report).OrderBy(one => one.Agency));
        var back = PanelWire.Samples(report);
        Assert.Equal((samples.Until, samples.IsMore, 2, 1), (back.Until, back.IsMore, back.Fine.Count, back.Coarse.Count));
        foreach (var (sent, got) in samples.Fine.Concat(samples.Coarse).Zip(back.Fine.Concat(back.Coarse)))
        {
            Assert.Equal((sent.At, sent.Length), (got.At, got.Length));
            Assert.Equal(sent.Counts.OrderBy(one => one.Key), got.Counts.OrderBy(one => one.Key));
            Assert.Equal(sent.Gauges.OrderBy(one => one.Key), got.Gauges.OrderBy(one => one.Key));
            Assert.Equal(sent.Histograms.Keys.Order(), got.Histograms.Keys.Order());
            Assert.All(sent.Histograms, one =>
            {
                Assert.Equal(one.Value.Buckets, got.Histograms[one.Key].Buckets);
                Assert.Equal((one.Value.Sum, one.Value.Largest), (got.Histograms[one.Key].Sum, got.Histograms[one.Key].Largest));
            });
        }
    }

    [Fact]
    public void Report_OfAFullSilo_IsOfAFewKilobytes()
    {
        var samples = new SampleBatch([Sample(1)], [], new SampleMark(812, 40), IsMore: false);
        Roundtrip(PanelWire.Write(View(), samples, s_now, withAgencies: false), out var usual);
        Roundtrip(PanelWire.Write(View(), samples, s_now, withAgencies: true), out var full);
        output.WriteLine($"{usual.Length} bytes; with the agencies {full.Length} bytes");
        Assert.InRange(usual.Length, 1_000, MostBytes);
        Assert.InRange(full.Length, usual.Length + 1_000, MostBytesWithAgencies);
    }

    [Theory]
    [InlineData("80")]
    [InlineData("0001FFFFFFFF")]
    [InlineData("FF7F01")]
    [InlineData("00010001")]
    public void Buckets_ThatNobodyWrote_AreRefused(string packed) =>
        Assert.Throws<FormatException>(() => PackedBuckets.Read(Convert.FromHexString(packed)));

    public void Dispose() => _services.Dispose();

    // As much of everything as the bounds let through, and more.
    private static NodeView View() => new()
    {
        Name = "silo-2",
        State = NodeState.NotReady,
        Problem = "the store cannot be reached",
        Version = "0.4.0",
        StartedAt = s_now.AddHours(-3),
        LastHeartbeat = s_now,
        Activations = [new("identifier", 99_812), new("agency", 40), new("sweep", 21)],
        Problems = [.. Enumerable.Range(0, 30).Select(i => new ProblemCount("INVALID_ARGUMENT", $"REASON_NUMBER_{i}", 30 - i, s_now))],
        Agencies = [.. Enumerable.Range(0, 1000).Select(i => new AgencyActivity($"agency-{i}", 5000 - i, 300, 4000, 12, i % 3, s_now, 0.25))],
        Identifiers = [.. Enumerable.Range(0, 40).Select(i => new BusyIdentifier($"ABCD-{i:0000}", "ip", i % 2 == 0 ? null : "PUBLIC_RESOLVER", 900 - i))],
        Overlaps =
        [
            .. Enumerable.Range(0, 12).Select(i => new RecentOverlap(
                new Guid(i, 1, 2, Encoding.ASCII.GetBytes("overlaps")), s_now, i % 2 == 0 ? "ip" : null, "Exact", TimeSpan.FromMilliseconds(i))),
        ],
    };

    // Sixteen series under load: each spread over a decade.
    private static Sample Sample(int seed)
    {
        var random = new Random(seed);
        var histograms = Enumerable.Range(0, 16).ToDictionary(series => $"rpc.server.call.duration|deconfliction.v1.ClaimService/Call{series}|OK", _ =>
        {
            var counts = new SortedDictionary<int, long>();
            for (var i = 0; i < 2_000; i++)
            {
                var bucket = 600 + (int)(40 * (random.NextDouble() + random.NextDouble() + random.NextDouble()));
                counts[bucket] = counts.GetValueOrDefault(bucket) + 1;
            }

            return new HistogramPart([.. counts.Select(one => new BucketCount(one.Key, one.Value))], 812_000_000, 9_000_000);
        });
        return new Sample(
            s_now.AddSeconds(5 * seed), TimeSpan.FromSeconds(5.01), histograms, new Dictionary<string, long> { ["deconfliction.overlap.found"] = 41 },
            new Dictionary<string, double> { ["process.cpu"] = 0.81, ["process.memory"] = 3e8, ["deconfliction.alert.backlog"] = 0 });
    }

    private PanelReport Roundtrip(PanelReport report, out byte[] bytes)
    {
        var serializer = _services.GetRequiredService<Serializer<PanelReport>>();
        bytes = serializer.SerializeToArray(report);
        return serializer.Deserialize(bytes)!;
    }
}
