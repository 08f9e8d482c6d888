using Deconfliction.Client;
using Deconfliction.EndToEnd.Tests.Histories;
using Deconfliction.Testing.Processes;

namespace Deconfliction.EndToEnd.Tests.Faults;

/// <summary>kill -9 of the server (FAULTS.md: F2, F3, F5).</summary>
public sealed class KillTests
{
    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Postgres)]
    public async Task F2_KilledAfterCommitBeforeReply_RetryGetsTheOriginalClaim(Store store)
    {
        await using var grid = await GridUnderTest.StartAsync(store);
        await using var proxy = new SwallowingProxy(grid.Server.Port);
        var alpha = await grid.AddMemberAsync("alpha");
        var bravo = await grid.AddMemberAsync("bravo", url: proxy.Url);
        await alpha.Client.Claims.CreateAsync(Requests.Claim("f2@example.org", "A-1"), CancellationToken.None);
        await bravo.Client.Claims.CreateAsync(Requests.Claim("warm@example.org", "B-0"), CancellationToken.None);
        var before = await grid.CountAsync("claim");
        var request = Requests.Claim("f2@example.org", "B-1");

        proxy.Swallow(true);
        var lost = bravo.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        await Waiting.UntilAsync("the claim is committed", TimeSpan.FromSeconds(10), async () => await grid.CountAsync("claim") > before);
        await grid.Server.KillAsync();
        await Assert.ThrowsAsync<GridException>(() => lost);
        proxy.Swallow(false);
        await grid.Server.StartAsync();

        var again = await bravo.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);
        var third = await bravo.Client.Claims.CreateAsync(request.Clone(), CancellationToken.None);

        Assert.False(again.Duplicate);
        Assert.Equal(again.Claim.Claim_, third.Claim.Claim_);
        Assert.Equal("alpha", Assert.Single(again.Overlaps).OtherAgency);
        Assert.Equal(again.Overlaps, third.Overlaps);
        Assert.Equal(before + 1, await grid.CountAsync("claim"));
    }

    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Postgres)]
    public async Task F3_KilledAfterCommitBeforeAlertsArePushed_BothSidesHaveThemWithinTenSeconds(Store store)
    {
        await using var grid = await GridUnderTest.StartAsync(store);
        var alpha = await grid.AddMemberAsync("alpha");
        var bravo = await grid.AddMemberAsync("bravo");
        await alpha.Client.Claims.CreateAsync(Requests.Claim("f3@example.org", "A-1"), CancellationToken.None);

        var request = Requests.Claim("f3@example.org", "B-1");
        var asked = bravo.Client.Claims.CreateAsync(request, CancellationToken.None);
        await Waiting.UntilAsync("the overlap is committed", TimeSpan.FromSeconds(10), async () => await grid.CountAsync("overlap") > 0);
        await grid.Server.KillAsync();
        await Record.ExceptionAsync(() => asked);
        await grid.Server.StartAsync();

        foreach (var member in new[] { alpha, bravo })
        {
            await Waiting.UntilAsync($"{member.Agency} has its alert", TimeSpan.FromSeconds(10), async () => (await member.ReadFeedAsync()).Count == 1);
        }
    }

    [Theory]
    [InlineData(Store.Sqlite, 5101)]
    [InlineData(Store.Postgres, 5102)]
    public async Task F5_KilledTenTimesUnderLoad_StateEqualsTheAcknowledgedHistory(Store store, int seed)
    {
        await using var grid = await GridUnderTest.StartAsync(store);
        var auditor = await grid.AddMemberAsync("auditor", "AUDITOR");
        var members = await Members.AddAsync(grid, 4);
        var work = new Workload(members, seed, identifiers: 40);
        using var stop = new CancellationTokenSource();
        var working = work.RunAsync(stop.Token);

        for (var round = 0; round < 10; round++)
        {
            await work.MoreAsync(150, working);
            await grid.Server.KillAsync();
            await grid.Server.StartAsync();
        }

        await work.MoreAsync(150, working);
        await stop.CancelAsync();
        await working;
        await Verdict.AssertHoldsAsync(members, auditor, work.History, seed);
    }
}
