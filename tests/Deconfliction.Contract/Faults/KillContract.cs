using Deconfliction.Client;
using Deconfliction.Contract.Histories;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Faults;

/// <summary>kill -9 of a node or of all (FAULTS.md: F2, F3, F5).</summary>
public abstract class KillContract<TEdition>
    where TEdition : IEdition
{
    /// <summary>What the random history of F5 follows from.</summary>
    protected abstract int Seed { get; }

    /// <summary>How often F5 kills all nodes.</summary>
    protected virtual int Rounds => 10;

    [Fact]
    public async Task F2_KilledAfterCommitBeforeReply_RetryGetsTheOriginalClaim()
    {
        await using var grid = await TEdition.StartAsync();
        await using var proxy = new SwallowingProxy(grid.Nodes[0].Port);
        var alpha = await grid.AddMemberAsync("alpha");
        await grid.AddMemberAsync("bravo");
        var bravo = grid.Connect("bravo", proxy.Url);
        await alpha.Client.Claims.CreateAsync(Requests.Claim("f2@example.org", "A-1"), CancellationToken.None);
        await bravo.Client.Claims.CreateAsync(Requests.Claim("warm@example.org", "B-0"), CancellationToken.None);
        var before = await grid.CountAsync("claim");
        var request = Requests.Claim("f2@example.org", "B-1");

        proxy.Swallow(true);
        var lost = bravo.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        await Waiting.UntilAsync("the claim is committed", TimeSpan.FromSeconds(60), async () => await grid.CountAsync("claim") > before);
        await grid.Nodes[0].KillAsync();
        await Assert.ThrowsAsync<GridException>(() => lost);
        proxy.Swallow(false);
        await grid.Nodes[0].StartAsync();

        var again = await bravo.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        var third = await bravo.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);

        Assert.False(again.Duplicate);
        Assert.Equal(again.Claim.Claim_, third.Claim.Claim_);
        Assert.Equal("alpha", Assert.Single(again.Overlaps).OtherAgency);
        Assert.Equal(again.Overlaps, third.Overlaps);
        Assert.Equal(before + 1, await grid.CountAsync("claim"));
    }

    [Fact]
    public async Task F3_KilledAfterCommitBeforeAlertsArePushed_BothSidesHaveThemWithinTenSeconds()
    {
        await using var grid = await TEdition.StartAsync();
        var alpha = await grid.AddMemberAsync("alpha");
        var bravo = await grid.AddMemberAsync("bravo");
        await alpha.Client.Claims.CreateAsync(Requests.Claim("f3@example.org", "A-1"), CancellationToken.None);

        var request = Requests.Claim("f3@example.org", "B-1");
        var asked = bravo.Client.Claims.CreateAsync(request, CancellationToken.None);
        await Waiting.UntilAsync("the overlap is committed", TimeSpan.FromSeconds(60), async () => await grid.CountAsync("overlap") > 0);
        await grid.KillAsync();
        await Record.ExceptionAsync(() => asked);
        await grid.StartNodesAsync();

        foreach (var member in new[] { alpha, bravo })
        {
            await Waiting.UntilAsync($"{member.Agency} has its alert", TimeSpan.FromSeconds(10), async () => (await member.ReadFeedAsync()).Count == 1);
        }
    }

    [Fact]
    public async Task F5_AllKilledUnderLoad_StateEqualsTheAcknowledgedHistory()
    {
        await using var grid = await TEdition.StartAsync();
        var auditor = await grid.AddMemberAsync("auditor", AgencyRole.Auditor);
        var members = await Members.AddAsync(grid, 4);
        var work = new Workload(grid, members, Seed, identifiers: 40);
        using var stop = new CancellationTokenSource();
        var working = work.RunAsync(stop.Token);

        for (var round = 0; round < Rounds; round++)
        {
            await work.MoreAsync(150, working);
            await grid.KillAndRestartAsync();
        }

        await work.MoreAsync(150, working);
        await stop.CancelAsync();
        await working;
        await Verdict.AssertHoldsAsync(grid, members, auditor, work.History, Seed);
    }
}
