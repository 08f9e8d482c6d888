using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Contract.Histories;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Faults;

/// <summary>PostgreSQL stopped at once, or away (FAULTS.md: F6, F7).</summary>
public abstract class DatabaseContract<TEdition>
    where TEdition : IPostgresEdition
{
    /// <summary>What the random history of F6 follows from.</summary>
    protected abstract int Seed { get; }

    /// <summary>How often F6 stops the database.</summary>
    protected virtual int Rounds => 10;

    [Fact]
    public async Task F6_DatabaseStoppedAtOnceAgainAndAgain_NothingIsLostOrDoubled()
    {
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None);
        await using var grid = await TEdition.StartOnAsync(postgres);
        var auditor = await grid.AddMemberAsync("auditor", AgencyRole.Auditor);
        var members = await Members.AddAsync(grid, 4);
        var work = new Workload(grid, members, Seed, identifiers: 40);
        using var stop = new CancellationTokenSource();
        var working = work.RunAsync(stop.Token);

        for (var round = 0; round < Rounds; round++)
        {
            await work.MoreAsync(150, working);
            await postgres.StopAtOnceAsync();
            await postgres.StartAsync();
        }

        await work.MoreAsync(150, working);
        await stop.CancelAsync();
        await working;
        await Verdict.AssertHoldsAsync(grid, members, auditor, work.History, Seed);
    }

    [Fact]
    public async Task F7_DatabaseAwayForAMinute_UnavailableWithinTheDeadlineAndRecoversByItself()
    {
        // A client's deadline, and twice of it where the machine is busy.
        var (deadline, hang) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None);
        await using var grid = await TEdition.StartOnAsync(postgres);
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
            await Task.WhenAll(new Func<Task>[]
            {
                () => bravo.Client.Checks.CheckAsync(Requests.Check("f7@example.org"), CancellationToken.None),
                () => bravo.Client.Checks.CheckAsync(Requests.Check("f7-nobody@example.org"), CancellationToken.None),
                () => bravo.Client.Claims.CreateAsync(Requests.Claim("f7@example.org", "B-1"), CancellationToken.None),
            }.Select(async ask =>
            {
                var problem = await Assert.ThrowsAsync<GridException>(() => ask().WaitAsync(deadline * 2));
                Assert.True(problem.Error.Status is "UNAVAILABLE" or "DEADLINE_EXCEEDED", problem.Message);
            }));
            asked += 3;
        }

        Assert.True(asked >= 6);
        foreach (var node in grid.Nodes)
        {
            Assert.False(await node.IsReadyAsync());
        }

        await postgres.StartAsync();
        foreach (var node in grid.Nodes)
        {
            await Waiting.UntilAsync($"{node.Name} is ready again", hang, node.IsReadyAsync);
        }

        Assert.Single((await bravo.Client.Checks.CheckAsync(Requests.Check("f7@example.org"), CancellationToken.None)).Hits);
        Assert.Equal("alpha", Assert.Single((await bravo.Client.Claims.CreateAsync(Requests.Claim("f7@example.org", "B-2"), CancellationToken.None)).Overlaps).OtherAgency);
    }
}
