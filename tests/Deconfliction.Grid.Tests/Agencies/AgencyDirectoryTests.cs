using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Grid.Tests.Agencies;

public sealed class AgencyDirectoryTests : IAsyncLifetime
{
    private Store _store = null!;
    private TestGrid _grid = null!;

    private IAgencyDirectory Directory => _grid.Solo.Agencies;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync();
        _grid = await _store.GridAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Add_IsFoundAtOnce_AndOnlyOnce()
    {
        var request = TestGrid.Request("operator");
        Assert.True(await Directory.AddAsync(Alpha(), request, default));
        Assert.True(await Directory.AddAsync(Alpha(), request, default));
        Assert.False(await Directory.AddAsync(Alpha() with { Name = "Another" }, TestGrid.Request("operator"), default));
        Assert.False(await Directory.AddAsync(Alpha() with { Id = GridItself.Agency }, TestGrid.Request("operator"), default));

        Assert.Equal("Alpha Police", Directory.Find(TestGrid.Agency("alpha"))!.Name);
        Assert.Equal("Alpha Police", Assert.Single((await _store.GridAsync()).Solo.Agencies.All).Name);
    }

    [Fact]
    public async Task Revoke_CutsOpenStreams_HereAtOnceAndElsewhereWithTheRefresh()
    {
        await Directory.AddAsync(Alpha(), TestGrid.Request("operator"), default);
        var elsewhere = await _store.GridAsync();
        var here = Directory.RevocationOf(TestGrid.Agency("alpha"), "c1");
        var there = elsewhere.Solo.Agencies.RevocationOf(TestGrid.Agency("alpha"), "of-an-outside-authority");
        Assert.False(here.IsCancellationRequested);
        Assert.False(there.IsCancellationRequested);

        Assert.True(await Directory.RevokeAsync(TestGrid.Agency("alpha"), TestGrid.Request("operator"), default));
        Assert.True(here.IsCancellationRequested);
        Assert.True(Directory.RevocationOf(TestGrid.Agency("alpha"), "c1").IsCancellationRequested);
        Assert.False(there.IsCancellationRequested);
        await elsewhere.Solo.Agencies.RefreshAsync(default);
        Assert.True(there.IsCancellationRequested);

        Assert.False(await Directory.RevokeAsync(TestGrid.Agency("nobody"), TestGrid.Request("operator"), default));
        Assert.True(Directory.RevocationOf(TestGrid.Agency("nobody"), "c1").IsCancellationRequested);
        Assert.True(Directory.Find(TestGrid.Agency("alpha"))!.IsRevoked);
    }

    [Fact]
    public async Task Change_OverAPictureThatMissesARevocation_DoesNotTakeItBack()
    {
        await Directory.AddAsync(Alpha(), TestGrid.Request("operator"), default);
        var elsewhere = await _store.GridAsync();
        await elsewhere.Solo.Agencies.RevokeAsync(TestGrid.Agency("alpha"), TestGrid.Request("operator"), default);
        Assert.False(Directory.Find(TestGrid.Agency("alpha"))!.IsRevoked);

        var now = _store.Ledger.Now;
        Assert.False(await Directory.AddCertificateAsync(
            TestGrid.Agency("alpha"), new CertificateRecord("c2", now, now.AddDays(365), false, false), TestGrid.Request("operator"), default));

        var stored = Assert.Single(await _store.Ledger.ListAgenciesAsync(default));
        Assert.True(stored.IsRevoked);
        Assert.True(stored.Certificates.Single(static one => one.Serial == "c1").IsRevoked);
    }

    [Fact]
    public async Task CertificateThatEndsSoon_IsToldOnce_AlsoByTwoNodesAtOnce()
    {
        await Directory.AddAsync(Alpha(), TestGrid.Request("operator"), default);
        var elsewhere = await _store.GridAsync();
        await _grid.Solo.Upkeep.AnnounceCertificatesAsync(default);
        Assert.Equal(0, (await _store.Ledger.ReadStatisticsAsync(default)).Alerts);
        _grid.Ledger.Ahead = elsewhere.Ledger.Ahead = TimeSpan.FromDays(336);

        await Task.WhenAll(
            _grid.Solo.Upkeep.AnnounceCertificatesAsync(default), elsewhere.Solo.Upkeep.AnnounceCertificatesAsync(default));
        await _grid.Solo.Upkeep.AnnounceCertificatesAsync(default);

        var told = Assert.Single(await _grid.FeedAsync("alpha", 0, 1));
        Assert.Equal((AlertKind.CertificateExpiring, "c1"), (told.Entry!.Alert.Kind, told.Entry.Alert.Note));
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).Alerts);

        var now = _grid.Ledger.Now;
        await Directory.AddCertificateAsync(
            TestGrid.Agency("alpha"), new CertificateRecord("c2", now, now.AddDays(365), false, false), TestGrid.Request("alpha"), default);
        await _grid.Solo.Upkeep.AnnounceCertificatesAsync(default);
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).Alerts);
        Assert.Equal(["c1", "c2"], Directory.Find(TestGrid.Agency("alpha"))!.Certificates.Select(static one => one.Serial).Order());
    }

    [Fact]
    public async Task AddCertificate_ByAnOperator_IsToldToTheAgencyOnce_AndByTheAgencyItselfToNobody()
    {
        var (alpha, now) = (TestGrid.Agency("alpha"), _store.Ledger.Now);
        await Directory.AddAsync(Alpha(), TestGrid.Request("operator"), default);
        Assert.True(await Directory.AddCertificateAsync(
            alpha, new CertificateRecord("c2", now, now.AddDays(365), false, false), TestGrid.Request("alpha"), default));
        Assert.Equal(0, (await _store.Ledger.ReadStatisticsAsync(default)).Alerts);

        var request = TestGrid.Request("operator");
        var issued = new CertificateRecord("c3", now, now.AddDays(365), false, false);
        Assert.True(await Directory.AddCertificateAsync(alpha, issued, request, default));
        Assert.True(await Directory.AddCertificateAsync(alpha, issued, request, default));

        var told = Assert.Single(await _grid.FeedAsync("alpha", 0, 1));
        Assert.Equal((AlertKind.CertificateIssued, "c3"), (told.Entry!.Alert.Kind, told.Entry.Alert.Note));
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).Alerts);
        Assert.False(await Directory.AddCertificateAsync(TestGrid.Agency("nobody"), issued, TestGrid.Request("operator"), default));
    }

    private AgencyRecord Alpha()
    {
        var now = _store.Ledger.Now;
        return new AgencyRecord(
            TestGrid.Agency("alpha"), "Alpha Police", AgencyRole.LawEnforcement, "desk@alpha.example", IsRevoked: false, now,
            [new CertificateRecord("c1", now, now.AddDays(365), IsRevoked: false, ExpiryAnnounced: false)]);
    }
}
