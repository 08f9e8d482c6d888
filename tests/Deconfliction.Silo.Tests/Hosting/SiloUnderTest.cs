using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Identity;
using Deconfliction.Silo.Snapshots;
using Deconfliction.Silo.Tests.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Silo.Tests.Hosting;

/// <summary>A silo as the program puts it together, with everything but its gateway.</summary>
internal sealed class SiloUnderTest(DirectoryInfo folder, SiloIdentity identity, OrleansPools pools, ILedger ledger, ClusterGrid grid) : IAsyncDisposable
{
    /// <summary>Its part of the grid.</summary>
    public ClusterGrid Grid => grid;

    /// <summary>Starts it over a store of its own and Orleans' tables.</summary>
    public static async Task<SiloUnderTest> StartAsync(ClusterFolder cluster, string connection, int port, string name = "one")
    {
        var options = cluster.Options("--connection", connection, "--silo", $"127.0.0.1:{port}", "--silo-name", name);
        var folder = Directory.CreateTempSubdirectory("silo-tests-");
        var identity = cluster.Load(name);
        var pools = new OrleansPools(connection);
        var ledger = await LedgerFactory.OpenSqliteAsync(
            Path.Combine(folder.FullName, "ledger.db"), new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, CancellationToken.None);
        var grid = await ClusterGrid.StartAsync(
            ledger, new GridOptions(), TimeProvider.System, NullLoggerFactory.Instance,
            parts => OrleansHost.Build(options, identity, pools, parts, NullLoggerFactory.Instance),
            new SnapshotPurge(pools.Snapshots, OrleansHost.ServiceId), enter: null, CancellationToken.None);
        return new SiloUnderTest(folder, identity, pools, ledger, grid);
    }

    /// <summary>What it has put together, beside the grid.</summary>
    public IServiceProvider Services => grid.Orleans!.Services;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await grid.DisposeAsync();
        await pools.DisposeAsync();
        await ledger.DisposeAsync();
        identity.Dispose();
        folder.Delete(recursive: true);
    }
}
