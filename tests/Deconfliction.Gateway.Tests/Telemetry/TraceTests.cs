using System.Collections.Concurrent;
using System.Diagnostics;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Telemetry;

public sealed class TraceTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Claim_WithListener_IsOneTraceFromTheGatewayToTheAlertsNumber()
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        var bravo = await server.AddAsync("bravo", AgencyRole.LawEnforcement);
        await alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(alpha.Claim("traced@example.org", "email"));
        // Other tests run in this process: the asker's own trace tells its spans from theirs.
        using var asker = new Activity("asker").SetIdFormat(ActivityIdFormat.W3C).Start();
        asker.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        using var spans = new CapturedSpans(asker.TraceId);

        await bravo.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(bravo.Claim("traced@example.org", "email", "case-traced"), Traced(asker));
        await Waiting.UntilAsync("the alert's number is traced", s_limit, () => Task.FromResult(spans.Named("deconfliction.alert.number").Any()));

        var turn = Assert.Single(spans.Named("deconfliction.identifier.turn"), span => Equals(span.GetTagItem("deconfliction.question"), "MakeClaim"));
        var append = spans.Named("deconfliction.ledger.append").First(span => span.ParentSpanId == turn.SpanId);
        var commit = Assert.Single(spans.Named("deconfliction.ledger.commit"), span => span.ParentSpanId == append.SpanId);
        Assert.True((int)commit.GetTagItem("deconfliction.ledger.group.size")! >= 1);
        await Waiting.UntilAsync("the call is traced", s_limit, () => Task.FromResult(spans.All.Any(span => span.SpanId == turn.ParentSpanId)));
        Assert.Equal("Microsoft.AspNetCore.Hosting.HttpRequestIn", spans.All.Single(span => span.SpanId == turn.ParentSpanId).OperationName);
        Assert.True(commit.StartTimeUtc >= append.StartTimeUtc && commit.Duration <= append.Duration);
        Assert.DoesNotContain(spans.All, span => span.TagObjects.Any(tag => tag.Value is string text
            && (text.Contains("traced", StringComparison.Ordinal) || text.Contains("case-traced", StringComparison.Ordinal))));
    }

    // The client hands no trace on by itself: an integrator who wants one sends W3C's header.
    private static RpcCallOptions Traced(Activity asker)
    {
        var metadata = new Metadata();
        metadata.Add("traceparent", asker.Id!);
        return new RpcCallOptions { Headers = metadata };
    }

    /// <summary>What the sources made of one trace while it lives.</summary>
    private sealed class CapturedSpans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _spans = new();
        private readonly ActivityListener _listener;

        public CapturedSpans(ActivityTraceId trace)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name is "Deconfliction.Grid" or "Deconfliction.Ledger" or "Microsoft.AspNetCore",
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (span.TraceId == trace)
                    {
                        _spans.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IEnumerable<Activity> All => _spans;

        public IEnumerable<Activity> Named(string name) => _spans.Where(span => span.OperationName == name);

        public void Dispose() => _listener.Dispose();
    }
}
