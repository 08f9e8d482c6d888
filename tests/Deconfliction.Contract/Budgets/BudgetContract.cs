using System.Diagnostics;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Contract.Budgets;

/// <summary>Attack 8 of FAULTS.md: an agency has one budget over all nodes, connections and streams.</summary>
public abstract class BudgetContract<TEdition>
    where TEdition : IEdition
{
    /// <summary>What a budget that is spread over nodes may give too much, at the most: a portion a node.</summary>
    protected virtual double Slack => 1.0;

    [Fact]
    public async Task Checks_SpreadOverAllNodesAndStreams_StopAtOneBudgetWithRetryInfo()
    {
        const int PerMinute = 300;
        await using var grid = await TEdition.StartAsync("--checks-per-minute", $"{PerMinute}");
        var alpha = await grid.AddMemberAsync("alpha");
        var bravo = await grid.AddMemberAsync("bravo");
        var since = Stopwatch.StartNew();

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => alpha.ChannelAt(grid.Nodes[number % grid.Nodes.Count].Url).ChecksAsync(
            [.. Enumerable.Range(0, 400).Select(item => Requests.Check($"fish{number}-{item}@example.org"))])));

        var took = since.Elapsed;
        var answered = results.Sum(stream => stream.Count(result => result.Answer is not null));
        var refused = results.SelectMany(stream => stream).Where(result => result.Error is not null).Select(result => result.Error).ToList();
        var most = (PerMinute * Slack) + Math.Ceiling(PerMinute * took.TotalMinutes);
        Assert.True(answered >= PerMinute * 0.9 && answered <= most, $"{answered} checks were answered in {took.TotalSeconds:0.0} s, with {PerMinute} a minute.");
        Assert.Equal(2_400, answered + refused.Count);
        Assert.All(refused, error => Assert.Equal(((int)StatusCode.ResourceExhausted, "BUDGET_EXHAUSTED"), (error.Code, error.Reason)));
        Assert.All(refused, error => Assert.True(error.RetryAfterMs > 0));
        Assert.Empty((await bravo.Client.Checks.CheckAsync(Requests.Check("other@example.org"), CancellationToken.None)).Hits);
        Assert.Equal(DisclosureNotice.NothingToDisclose, (await alpha.Client.Claims.CreateAsync(Requests.Claim("own@example.org", "A-1"), CancellationToken.None)).DisclosureNotice);
    }
}
