using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Rpc;
using Deconfliction.Server.Hosting;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Tests.Identity;
using Deconfliction.Silo.Tests.Sql;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Silo.Tests.Hosting;

/// <summary>A silo's health follows its membership, though its store answers all the while.</summary>
public sealed class ClusterHealthTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly ClusterFolder _cluster = new();
    private readonly OrleansDatabase _database = new();
    private readonly HealthState _health = new();
    private ILedger _ledger = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeEmptyAsync();
        _cluster.Init("--silo-name", "one");
        _ledger = await LedgerFactory.OpenSqliteAsync(
            Path.Combine(_cluster.Path, "ledger.db"), new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, CancellationToken.None);
    }

    [Fact]
    public async Task Health_OfASiloThatIsNotActive_IsNotServingAndSaysWhy()
    {
        var options = _cluster.Options(
            "--connection", _database.ConnectionString, "--silo", $"127.0.0.1:{NodeProcess.FreePort()}", "--silo-name", "one");
        using var identity = _cluster.Load("one");
        await using var edition = new ClusterEdition(options, identity, NullLoggerFactory.Instance);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        using var readiness = new Readiness(
            new LedgerGatewayStore(_ledger), edition, _health, lifetime, TimeProvider.System, NullLogger<Readiness>.Instance);
        await readiness.StartAsync(CancellationToken.None);
        lifetime.NotifyStarted();
        await UntilAsync(readiness, ServingStatus.NotServing, "this silo is None in its cluster, not Active");

        await using var grid = (ClusterGrid)await edition.StartGridAsync(
            _ledger, new GridOptions(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await UntilAsync(readiness, ServingStatus.Serving, "");

        await grid.Orleans!.StopAsync().WaitAsync(s_limit);
        await UntilAsync(readiness, ServingStatus.NotServing, "this silo is Dead in its cluster, not Active");
        await readiness.StopAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
        _cluster.Dispose();
    }

    private Task UntilAsync(Readiness readiness, ServingStatus status, string problem) => Waiting.UntilAsync(
        () => $"{status} with '{problem}'; it is {_health.Get(HealthState.WholeServer)} with '{readiness.Problem}'", s_limit,
        () => Task.FromResult(readiness.Problem == problem && _health.Get(HealthState.WholeServer) == status));
}
