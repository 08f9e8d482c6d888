using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Tests.Actors;

/// <summary>What a commit without a clear outcome does to an actor.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private Store _store = null!;
    private TestGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync();
        _grid = await _store.GridAsync(new GridOptions { LetGoBytes = 0 });
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(Fault.CommittedUnknown, 1)]
    [InlineData(Fault.LostUnknown, 0)]
    public async Task UnknownOutcome_ThenTheSameRequest_HasOneEffect(Fault fault, int committed)
    {
        var request = TestGrid.Request("bravo");
        var other = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        _grid.Ledger.AppendFault = _ => fault;
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _grid.ClaimAsync("bravo", "x", request: request));
        Assert.Equal(1 + committed, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
        _grid.Ledger.AppendFault = static _ => Fault.None;

        var answer = await _grid.ClaimAsync("bravo", "x", request: request);

        Assert.Equal(AnswerStatus.Done, answer.Status);
        Assert.Equal(other.Id, Assert.Single(answer.Pointers).Other.Id);
        Assert.Equal(2, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
        Assert.Single(await _grid.FeedAsync("alpha", 0, 1));
    }

    [Fact]
    public async Task UnknownOutcome_IsSeenByTheNextTurnOfAnother()
    {
        await _grid.ClaimAsync("alpha", "x");
        _grid.Ledger.AppendFault = static append => append.Agency.Value == "bravo" ? Fault.CommittedUnknown : Fault.None;
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _grid.ClaimAsync("bravo", "x"));

        var check = await _grid.CheckAsync("charlie", "x");

        Assert.Equal(["alpha", "bravo"], check.Pointers.Select(static one => one.Other.Agency.Value).Order());
    }

    [Theory]
    [InlineData(Fault.Unavailable, typeof(LedgerUnavailableException))]
    [InlineData(Fault.Overloaded, typeof(LedgerOverloadedException))]
    public async Task Refused_LeavesNothing_AndTheActorKeepsItsState(Fault fault, Type exception)
    {
        await _grid.ClaimAsync("alpha", "x");
        var loads = _grid.Ledger.Loads;
        _grid.Ledger.AppendFault = _ => fault;
        await Assert.ThrowsAsync(exception, () => _grid.ClaimAsync("bravo", "x"));
        await Assert.ThrowsAsync(exception, () => _grid.CheckAsync("bravo", "x"));
        _grid.Ledger.AppendFault = static _ => Fault.None;

        var check = await _grid.CheckAsync("charlie", "x");

        Assert.Equal("alpha", Assert.Single(check.Pointers).Other.Agency.Value);
        Assert.Equal(loads, _grid.Ledger.Loads);
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
    }

    [Fact]
    public async Task StaleEveryTime_EndsInOverloaded_AndLeavesNothing()
    {
        _grid.Ledger.AppendFault = static _ => Fault.Stale;
        await Assert.ThrowsAsync<GridOverloadedException>(() => _grid.ClaimAsync("alpha", "x"));
        _grid.Ledger.AppendFault = static _ => Fault.None;

        Assert.Equal(0, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
        Assert.Equal(AnswerStatus.Done, (await _grid.ClaimAsync("alpha", "x")).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomFaults_WithRetriesUnderTheSameId_LeaveEveryClaimAndPairOnce(int seed)
    {
        var random = new Random(seed);
        var gate = new Lock();
        _grid.Ledger.AppendFault = _ =>
        {
            lock (gate)
            {
                return (Fault)random.Next(0, 12) is var fault && Enum.IsDefined(fault) ? fault : Fault.None;
            }
        };
        const int agencies = 6;
        const int values = 5;

        var claims = await Task.WhenAll(
            from agency in Enumerable.Range(0, agencies)
            from value in Enumerable.Range(0, values)
            select ClaimUntilAnsweredAsync($"agency-{agency}", $"value-{value}"));
        _grid.Ledger.AppendFault = static _ => Fault.None;

        var statistics = await _store.Ledger.ReadStatisticsAsync(default);
        Assert.Equal(claims.Length, claims.Distinct().Count());
        Assert.Equal(agencies * values, statistics.LiveClaims);
        Assert.Equal(values * agencies * (agencies - 1) / 2, statistics.Overlaps);
        Assert.Equal(values * agencies * (agencies - 1), statistics.Alerts);
        var audit = await _store.Ledger.ListAuditAsync(new AuditQuery(null, 10_000), default);
        Assert.Equal(agencies * values, audit.Count(static one => one.Draft.Operation == Operation.Claim));
        Assert.Null((await _store.Ledger.VerifyAuditAsync(default)).FirstBad);
    }

    private async Task<Guid> ClaimUntilAnsweredAsync(string agency, string value)
    {
        var request = TestGrid.Request(agency);
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                var answer = await _grid.ClaimAsync(agency, value, request: request);
                Assert.Equal(AnswerStatus.Done, answer.Status);
                return answer.Claim!.Id;
            }
            catch (Exception e) when (
                e is OutcomeUnknownException or LedgerUnavailableException or LedgerOverloadedException or GridOverloadedException)
            {
                await Task.Yield();
            }
        }

        throw new TimeoutException("A hundred tries were not enough.");
    }
}
