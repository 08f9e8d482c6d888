using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.EndToEnd.Tests.Histories;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;

namespace Deconfliction.EndToEnd.Tests.Faults;

/// <summary>PostgreSQL stopped at once, or away (FAULTS.md: F6, F7).</summary>
public sealed class DatabaseTests
{
    [Fact]
    public async Task F6_DatabaseStoppedAtOnceTenTimes_NothingIsLostOrDoubled()
    {
        const int Seed = 6101;
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None);
        await using var grid = await GridUnderTest.StartOnAsync(postgres);
        var auditor = await grid.AddMemberAsync("auditor", "AUDITOR");
        var members = await Members.AddAsync(grid, 4);
        var work = new Workload(members, Seed, identifiers: 40);
        using var stop = new CancellationTokenSource();
        var working = work.RunAsync(stop.Token);

        for (var round = 0; round < 10; round++)
        {
            await work.MoreAsync(150, working);
            await postgres.StopAtOnceAsync();
            await postgres.StartAsync();
        }

        await work.MoreAsync(150, working);
        await stop.CancelAsync();
        await working;
        await Verdict.AssertHoldsAsync(members, auditor, work.History, Seed);
    }

    [Fact]
    public async Task F7_DatabaseAwayForAMinute_UnavailableWithinTheDeadlineAndRecoversByItself()
    {
        var deadline = TimeSpan.FromSeconds(10);
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None);
        await using var grid = await GridUnderTest.StartOnAsync(postgres);
        var alpha = await grid.AddMemberAsync("alpha");
        var bravo = await grid.AddMemberAsync("bravo");
        await alpha.Client.Claims.CreateAsync(Requests.Claim("f7@example.org", "A-1"), CancellationToken.None);
        Assert.Single((await bravo.Client.Checks.CheckAsync(Requests.Check("f7@example.org"), CancellationToken.None)).Hits);

        await postgres.StopAtOnceAsync();
        var away = Stopwatch.StartNew();
        var asked = 0;
        while (away.Elapsed < TimeSpan.FromSeconds(60))
        {
            // What is cached must not answer for the ledger, neither a hit nor "nothing to disclose".
            foreach (var ask in new Func<Task>[]
            {
                () => bravo.Client.Checks.CheckAsync(Requests.Check("f7@example.org"), CancellationToken.None),
                () => bravo.Client.Checks.CheckAsync(Requests.Check("f7-nobody@example.org"), CancellationToken.None),
                () => bravo.Client.Claims.CreateAsync(Requests.Claim("f7@example.org", "B-1"), CancellationToken.None),
            })
            {
                var started = Stopwatch.GetTimestamp();
                var problem = await Assert.ThrowsAsync<GridException>(ask);
                Assert.True(problem.Error.Status is "UNAVAILABLE" or "DEADLINE_EXCEEDED", problem.Message);
                Assert.True(Stopwatch.GetElapsedTime(started) < deadline + TimeSpan.FromSeconds(2));
                asked++;
            }
        }

        Assert.True(asked >= 6);
        Assert.False(await grid.Server.IsReadyAsync());
        await postgres.StartAsync();

        await Waiting.UntilAsync("the server is ready again", TimeSpan.FromSeconds(15), grid.Server.IsReadyAsync);
        Assert.Single((await bravo.Client.Checks.CheckAsync(Requests.Check("f7@example.org"), CancellationToken.None)).Hits);
        Assert.Equal("alpha", Assert.Single((await bravo.Client.Claims.CreateAsync(Requests.Claim("f7@example.org", "B-2"), CancellationToken.None)).Overlaps).OtherAgency);
    }
}
