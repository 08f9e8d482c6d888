using Deconfliction.Dashboard.Invariants;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Text;
using Deconfliction.Dashboard.Verdicts;
using Deconfliction.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Panels;

public sealed class VerdictTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly LedgerHealth s_reachable = new(IsReachable: true, s_now, Problem: null);

    [Fact]
    public async Task Verdict_OfAQuietGrid_IsWell() => Assert.Equal((Tone.Good, "well"), await OfAsync([Node("a")]));

    [Fact]
    public async Task Verdict_WithoutItsDatabase_SaysSoBeforeAnythingElse() => Assert.Equal(
        (Tone.Bad, "database"),
        await OfAsync([Node("a", NodeState.NotReady)], new LedgerHealth(IsReachable: false, s_now.AddMinutes(-1), "gone")));

    [Fact]
    public async Task Verdict_OfABrokenInvariant_IsTheMostUrgent() => Assert.Equal(
        (Tone.Bad, "invariant"),
        await OfAsync(
            [Node("a")], new LedgerHealth(IsReachable: false, s_now, "gone"), new InvariantReport(s_now, [new InvariantResult("I2", 4, "1a2b: 0")])));

    [Theory]
    [InlineData(NodeState.Dead, Tone.Bad, "dead")]
    [InlineData(NodeState.Silent, Tone.Bad, "silent")]
    [InlineData(NodeState.Left, Tone.Good, "well")]
    [InlineData(NodeState.Draining, Tone.Warn, "draining")]
    [InlineData(NodeState.NotReady, Tone.Warn, "notready")]
    [InlineData(NodeState.OtherVersion, Tone.Warn, "version")]
    internal async Task Verdict_OfOneBadNodeOfTwo_NamesIt(NodeState state, Tone tone, string key) =>
        Assert.Equal((tone, key), await OfAsync([Node("a"), Node("b", state)]));

    [Fact]
    public async Task Verdict_OfOneLongDead_ComesAfterWhatIsWrongNow()
    {
        Assert.Equal((Tone.Warn, "dead"), await OfAsync([Node("a"), Node("b", NodeState.Dead) with { LastHeartbeat = s_now.AddMinutes(-16) }]));
        Assert.Equal(
            (Tone.Warn, "shed"),
            await OfAsync([Node("a", counts: new() { [SeriesNames.Shed] = 3 }), Node("b", NodeState.Dead) with { LastHeartbeat = s_now.AddMinutes(-16) }]));
    }

    [Fact]
    public async Task Verdict_WhereAllOthersAreUpdated_IsNotThatNobodyWorks() => Assert.Equal(
        (Tone.Warn, "draining"), await OfAsync([Node("a", NodeState.Draining), Node("b", NodeState.OtherVersion)]));

    [Fact]
    public async Task Verdict_WhereTheOnlyNodeDrains_IsThatTheGridStops() =>
        Assert.Equal((Tone.Bad, "draining.all"), await OfAsync([Node("a", NodeState.Draining)]));

    [Fact]
    public async Task Verdict_OfShedding_SaysSo() =>
        Assert.Equal((Tone.Warn, "shed"), await OfAsync([Node("a", counts: new() { [SeriesNames.Shed] = 3 })]));

    [Fact]
    public async Task Verdict_OfSlowClaims_SaysSoFromTwentyOn()
    {
        Assert.Equal((Tone.Warn, "slow"), await OfAsync([Node("a", claims: (20, 400_000_000))]));
        Assert.Equal((Tone.Good, "well"), await OfAsync([Node("a", claims: (19, 400_000_000))]));
        Assert.Equal((Tone.Good, "well"), await OfAsync([Node("a", claims: (20, 40_000_000))]));
    }

    [Theory]
    [InlineData("well")]
    [InlineData("database")]
    [InlineData("invariant")]
    [InlineData("dead")]
    [InlineData("silent")]
    [InlineData("version")]
    [InlineData("draining")]
    [InlineData("draining.all")]
    [InlineData("notready")]
    [InlineData("shed")]
    [InlineData("backlog")]
    [InlineData("slow")]
    public void Verdict_InEveryLanguage_HasSentenceCauseAndRemedy(string key) => Assert.All(
        Language.All,
        words => Assert.All((string[])["", ".cause", ".remedy"], part => Assert.NotEmpty(words.Say($"verdict.{key}{part}", "x", "y"))));

    private static async Task<(Tone, string)> OfAsync(NodeView[] nodes, LedgerHealth? ledger = null, InvariantReport? invariants = null)
    {
        var grid = await GridView.ReadAsync(new Fixed(nodes), new FakeTimeProvider(s_now), CancellationToken.None);
        var verdict = Verdict.Of(grid, ledger ?? s_reachable, invariants);
        return (verdict.Tone, verdict.Key);
    }

    private static NodeView Node(
        string name, NodeState state = NodeState.Active, Dictionary<string, long>? counts = null, (int Count, long Value)? claims = null)
    {
        var live = new LiveHistogram();
        for (var i = 0; i < claims?.Count; i++)
        {
            live.Record(claims.Value.Value);
        }

        var histograms = live.Take() is { } part ? new Dictionary<string, HistogramPart> { [SeriesNames.OfCall("deconfliction.v1.ClaimService/CreateClaim", "OK")] = part } : [];
        return new NodeView
        {
            Name = name, State = state, Version = "0.1.0", StartedAt = s_now, LastHeartbeat = s_now,
            Fine = [new Sample(s_now, TimeSpan.FromSeconds(5), histograms, counts ?? [], new Dictionary<string, double>())],
        };
    }

    private sealed class Fixed(IReadOnlyList<NodeView> nodes) : INodeViews
    {
        public Task<IReadOnlyList<NodeView>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(nodes);

        public Task NextAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public IReadOnlyList<MembershipChange> Changes => [];
    }
}
