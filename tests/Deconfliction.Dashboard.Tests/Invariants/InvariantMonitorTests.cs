using System.Security.Cryptography;
using Deconfliction.Dashboard.Invariants;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Panels.Store;
using Deconfliction.Dashboard.Tests.Panels;
using Deconfliction.Dashboard.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Insight;
using Deconfliction.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Deconfliction.Dashboard.Tests.Invariants;

/// <summary>What the page says of a real store in which two agencies met, and of one that was altered behind the ledger's back; on PostgreSQL.</summary>
public sealed class InvariantMonitorTests : IAsyncLifetime
{
    private readonly UuidV7Source _ids = new();
    private readonly Tag _tag = new(SHA256.HashData("shared"u8));
    private string _connection = "";
    private ILedger _ledger = null!;

    [Fact]
    public async Task Look_AtAnEmptyStore_SaysThatThereIsNothingToLookAt()
    {
        var rows = await LookAsync();
        Assert.All(rows, static row => Assert.Equal(("nothing to look at yet", Tone.None), row));
    }

    [Fact]
    public async Task Look_AtAnOverlap_HoldsUntilItIsGone()
    {
        await MeetAsync();
        Assert.All(await LookAsync(), static row => Assert.Equal(("holds", Tone.Good), row));

        await AlterAsync("DELETE FROM alert; DELETE FROM overlap");

        Assert.Equal([("broken", Tone.Bad), ("nothing to look at yet", Tone.None), ("holds", Tone.Good), ("holds", Tone.Good)], await LookAsync());
    }

    [Fact]
    public async Task Look_AtAnAuditEntryOfAnotherIdentifier_FindsAClaimWithoutOneAndABrokenChain()
    {
        await MeetAsync();

        await AlterAsync("UPDATE audit SET tag = sha256('another') WHERE number = (SELECT max(number) FROM audit)");

        Assert.Equal([("holds", Tone.Good), ("holds", Tone.Good), ("broken", Tone.Bad), ("broken", Tone.Bad)], await LookAsync());
    }

    public async Task InitializeAsync()
    {
        _connection = await (await PostgresServer.CommonAsync()).CreateDatabaseAsync();
        _ledger = await LedgerFactory.OpenPostgresAsync(
            _connection, new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    private async Task<IReadOnlyList<(string Said, Tone Tone)>> LookAsync()
    {
        var time = new FakeTimeProvider(Grids.Now);
        using var monitor = new InvariantMonitor((ILedgerInsight)_ledger, time, NullLogger<InvariantMonitor>.Instance);
        await monitor.LookAsync(CancellationToken.None);
        var content = await new InvariantsPanel(monitor, time).ReadAsync(await Grids.OfAsync(Language.English, Grids.Node("a")));
        return [.. content.Blocks.OfType<TableBlock>().Single().Rows.Select(static row => (row[1].Text, row[1].Tone))];
    }

    private async Task MeetAsync()
    {
        var state = IdentifierState.Empty();
        var identifier = _ids.Next(_ledger.Now);
        foreach (var agency in (string[])["alpha", "bravo"])
        {
            var now = _ledger.Now;
            var draft = new Claim
            {
                Id = _ids.Next(now), Agency = AgencyId.Parse(agency), Role = AgencyRole.LawEnforcement, Case = "case", RequestedBy = "officer-7", Sealed = new byte[8],
            };
            var decision = Decider.Decide(state, new Command.MakeClaim(draft, Lifetime: null, Hazard: null), new Policy(), now, _ids);
            var outcome = await _ledger.AppendAsync(
                new Append
                {
                    Tag = _tag, KeyId = 1, ExpectedVersion = state.Version, IdentifierId = identifier, Events = decision.Events, ChangesState = true,
                    Audit = new AuditDraft
                    {
                        Agency = draft.Agency, Certificate = "01ab", RequestedBy = "officer-7", Operation = Operation.Claim, Tag = _tag, Subjects = [draft.Id],
                    },
                },
                Lane.Interactive,
                CancellationToken.None);
            Assert.IsType<AppendOutcome.Committed>(outcome);
            foreach (var fact in decision.Events)
            {
                state.Apply(fact);
            }

            state.Committed(state.Version + 1);
        }
    }

    private async Task AlterAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_connection);
        await using var command = source.CreateCommand(sql);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }
}
