using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Panels.Agencies;
using Deconfliction.Dashboard.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Panels;

/// <summary>What the page of agencies says of one, of what two silos counted and of what a real store holds.</summary>
public sealed class AgenciesPanelTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ILedger _ledger = null!;

    [Fact]
    public async Task Agency_AtTwoSilos_HasTheirSumsItsStreamsAndWhatIsAboutToEnd()
    {
        await AddAsync("alpha", Grids.Now.AddDays(20));
        await AddAsync("bravo", Grids.Now.AddDays(-1));
        var content = await new AgenciesPanel(_ledger, new FakeTimeProvider(Grids.Now)).ReadAsync(await Grids.OfAsync(
            Language.English,
            Grids.Node("silo-1") with { Agencies = [new AgencyActivity("alpha", 400, 100, 60, 20, 1, Grids.Now, 0.3)] },
            Grids.Node("silo-2") with { Agencies = [new AgencyActivity("alpha", 400, 100, 40, 10, 2, Grids.Now.AddMinutes(-30), 0.95)] },
            // What a dead silo said last is not open any more.
            Grids.Node("silo-3", NodeState.Dead) with { Agencies = [new AgencyActivity("alpha", 0, 0, 0, 0, 9, null, 0)] }));
        var rows = content.Blocks.OfType<TableBlock>().Single().Rows;
        Assert.Equal(
            ["Alpha (alpha)", "law enforcement", "active", "≈ 800", "≈ 200", "≈ 100", "≈ 30 %", "100 %", "< 20", "under a day", "silo-1: 1, silo-2: 2", "2026-12-15", "within the hour"],
            rows[0].Select(cell => cell.Text.Replace('\u00a0', ' ').Replace('\u202f', ' ')));
        // Nearly all of the budget, and a certificate that ends within the month; the other's has ended.
        Assert.Equal((Tone.Warn, Tone.Warn, Tone.Bad), (rows[0][7].Tone, rows[0][11].Tone, rows[1][11].Tone));
        Assert.Equal(("0", "not since the start"), (rows[1][10].Text, rows[1][12].Text));
    }

    public async Task InitializeAsync() => _ledger = await LedgerFactory.OpenSqliteAsync(
        _folder["ledger.db"], new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AddAsync(string id, DateTimeOffset until)
    {
        var agency = new AgencyRecord(
            AgencyId.Parse(id), char.ToUpperInvariant(id[0]) + id[1..], AgencyRole.LawEnforcement, "desk", IsRevoked: false, Grids.Now,
            [new CertificateRecord("01" + id.Length, Grids.Now.AddYears(-1), until, IsRevoked: false, ExpiryAnnounced: false)]);
        await _ledger.SaveAgencyAsync(
            agency, [], new AuditDraft { Agency = GridItself.Agency, Certificate = GridItself.Certificate, Operation = Operation.CreateAgency }, CancellationToken.None);
    }
}
