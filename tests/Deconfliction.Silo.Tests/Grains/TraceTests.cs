using System.Collections.Concurrent;
using System.Diagnostics;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Silo.Tests.Grains;

/// <summary>A claim is one trace from the silo that is asked to the one where its identifier lives, and to the number of the alert.</summary>
public sealed class TraceTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Claim_AskedAtAnotherSilo_IsOneTraceOverTheHopAndTellsNoTag()
    {
        await using var cluster = await GrainCluster.StartAsync(2);
        var value = cluster.ValueOn(cluster.Silos[1]);
        await cluster.ClaimAsync(cluster.Silos[0], "alpha", value);
        // Other tests run in this process: the asker's own trace tells its spans from theirs.
        using var asker = new Activity("asker").SetIdFormat(ActivityIdFormat.W3C).Start();
        asker.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == asker.TraceId)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await cluster.ClaimAsync(cluster.Silos[0], "bravo", value);
        await Waiting.UntilAsync(
            "the alert's number is traced", s_limit, () => Task.FromResult(spans.Any(span => span.OperationName == "deconfliction.alert.number")));
        await Waiting.UntilAsync("the hop is traced", s_limit, () => Task.FromResult(Hops().Any(span => span.ParentSpanId == asker.SpanId)));

        var hop = Assert.Single(Hops(), span => span.ParentSpanId == asker.SpanId);
        Assert.Equal("identifier", hop.GetTagItem("deconfliction.grain"));
        var turn = Assert.Single(spans, span => span.OperationName == "deconfliction.identifier.turn");
        Assert.Equal(hop.SpanId, turn.ParentSpanId);
        Assert.Contains(spans, span => span.OperationName == "deconfliction.ledger.append" && span.ParentSpanId == turn.SpanId);
        AssertTellsNothing(spans, value);

        IEnumerable<Activity> Hops() => spans.Where(span => span.OperationName == "deconfliction.silo.hop");
    }

    private static void AssertTellsNothing(IEnumerable<Activity> spans, string value)
    {
        var bytes = new byte[Tag.Length];
        Keys.Tag(value).CopyTo(bytes);
        string[] secrets = [value, Convert.ToHexString(bytes, 0, 6), Convert.ToBase64String(bytes, 0, 6)];
        Assert.DoesNotContain(
            spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key} {tag.Value}").Append(span.DisplayName)),
            text => secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }
}
