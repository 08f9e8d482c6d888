using System.Data.Common;
using System.Net.Sockets;
using System.Reflection;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Postgres;
using Deconfliction.Server.Hosting;
using Deconfliction.Silo.Identity;
using Deconfliction.Silo.Options;
using Deconfliction.Silo.Panels;
using Deconfliction.Silo.Snapshots;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>A silo: one of several processes that share their store. Made once for a process, and disposed of last.</summary>
internal sealed class ClusterEdition(SiloOptions options, SiloIdentity identity, ILoggerFactory loggers) : IEdition, IAsyncDisposable
{
    private readonly OrleansPools _pools = new(options.OrleansConnection);
    private readonly PostgresScript _steps = Steps(options, options.Connection, loggers);
    private ClusterGrid? _grid;

    private IServiceProvider Orleans => _grid?.Orleans?.Services ?? throw new InvalidOperationException("The silo has not joined its cluster yet.");

    public string Program => "deconfliction-silo";

    public string NodeName => options.Name;

    public string Problem
    {
        get
        {
            var status = _grid?.Orleans?.Services.GetRequiredService<ISiloStatusOracle>().CurrentStatus ?? SiloStatus.None;
            return status == SiloStatus.Active ? "" : $"this silo is {status} in its cluster, not Active";
        }
    }

    // A balancer that asks each second has asked twice by then.
    public TimeSpan StopNotice => TimeSpan.FromSeconds(2.5);

    public LedgerOptions Open(LedgerOptions ledger) => ledger with
    {
        Exclusive = false,
        Holder = HolderOf(options),
    };

    public Task<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken) => _steps.EnterAsync("first steps", cancellationToken);

    public async Task<IRunningGrid> StartGridAsync(
        ILedger ledger, GridOptions grid, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        await Steps(options, options.OrleansConnection, logging).ApplyAsync("orleans.sql", ReadScript(), cancellationToken);
        try
        {
            _grid = await ClusterGrid.StartAsync(
                ledger, grid, time, logging, parts => OrleansHost.Build(options, identity, _pools, parts, logging),
                new SnapshotPurge(_pools.Snapshots, OrleansHost.ServiceId),
                (agency, token) => _steps.EnterAsync($"agency {agency}", token), cancellationToken);
        }
        catch (Exception problem) when (problem is SocketException or AddressInUseException)
        {
            throw ListenProblem.Of("silo", options.EndPoint, problem, isTold: true);
        }
        catch (Exception problem) when (problem is OrleansException or DbException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new StartException(
                $"The silo did not come into its cluster '{options.ClusterId}': {problem.Message.TrimEnd('.')}. Look whether the database and the other silos "
                + "answer from here, then start it again: it has changed nothing that another start minds.",
                problem);
        }

        return _grid;
    }

    public async Task<string?> PageAsync(string path, CancellationToken cancellationToken) => path == ClusterPage.Path && _grid?.Orleans is { } orleans
        ? await ClusterPage.WriteAsync(options.ClusterId, options.Name, orleans.Services, cancellationToken)
        : null;

    public void AddOps(IServiceCollection services)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ClusterNodes>(
            Orleans, provider.GetRequiredService<LocalView>(), (INodeControl)provider.GetRequiredService<LocalNode>()));
        services.AddSingleton<INodeViews>(static provider => provider.GetRequiredService<ClusterNodes>());
        services.AddSingleton<INodeControl>(static provider => provider.GetRequiredService<ClusterNodes>());
    }

    public void JoinOps(IServiceProvider services) => Orleans.GetRequiredService<LocalPanel>().Join(
        services.GetRequiredService<LocalView>(), services.GetRequiredService<LocalNode>(), Orleans.GetRequiredService<MembershipRecord>());

    public ValueTask DisposeAsync() => _pools.DisposeAsync();

    private static string HolderOf(SiloOptions options) => $"silo {options.Name} (process {Environment.ProcessId} on {Environment.MachineName})";

    private static PostgresScript Steps(SiloOptions options, string connection, ILoggerFactory logging) =>
        new(connection, HolderOf(options), logging.CreateLogger("Deconfliction.Ledger.Postgres"));

    private static string ReadScript()
    {
        using var script = Assembly.GetExecutingAssembly().GetManifestResourceStream("orleans.sql")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
