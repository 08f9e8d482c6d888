using System.Globalization;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.ClusterLoadTests.Setup;

/// <summary>A cluster of silo processes, each of which can be held to a share of a processor, and callers connected to all of them.</summary>
internal sealed class LimitedCluster : IAsyncDisposable
{
    private const int ConnectionsEach = 2;
    private static readonly TimeSpan s_knownLimit = TimeSpan.FromSeconds(40);
    private readonly OurSilos _files;
    private readonly List<SiloProcess> _silos = [];
    private readonly List<CpuQuota> _quotas = [];
    private readonly List<AgencyUnderLoad> _callers = [];
    private readonly int _postmaster;

    private LimitedCluster(OurSilos files, int postmaster) => (_files, _postmaster) = (files, postmaster);

    /// <summary>How many silos.</summary>
    public int Count => _silos.Count;

    /// <summary>Whose processor time counts.</summary>
    public CpuSubjects Subjects => new([.. _silos.Select(static silo => silo.ProcessId)], _postmaster);

    /// <summary>Starts it without limits.</summary>
    public static async Task<LimitedCluster> StartAsync(ClusterBench bench, int count, CancellationToken cancellationToken)
    {
        var (connection, postmaster) = await bench.CreateDatabaseAsync(cancellationToken);
        var cluster = new LimitedCluster(await OurSilos.CreateAsync(), postmaster);
        try
        {
            await cluster.StartAsync(connection, count, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Holds each silo to its share from now on.</summary>
    /// <param name="percent">Of one processor.</param>
    public void Limit(int percent) => _quotas.ForEach(quota => quota.Limit(percent));

    /// <summary>Claims an identifier at one of the silos, each caller always at the same one.</summary>
    public Task ClaimAsync(int caller, string value, CancellationToken cancellationToken) =>
        _callers[caller % _callers.Count].ClaimAsync(caller / _callers.Count, value, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var caller in _callers)
        {
            await caller.DisposeAsync();
        }

        // A silo that is held to its share would take long to say goodbye, and nobody will miss it.
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        _quotas.ForEach(static quota => quota.Dispose());
        _files.Dispose();
    }

    private async Task StartAsync(string connection, int count, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= count; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"silo-{number}-of-{count}");
            await _files.Files.AddAsync(name);
            _silos.Add(new SiloProcess(name, _files.Files, connection, place: null, OurSilos.Budgets));
        }

        // The first alone: it makes the tables.
        await _silos[0].StartAsync();
        await Task.WhenAll(_silos.Skip(1).Select(static silo => silo.StartAsync()));
        await _files.AddCallerAsync(new Uri(_silos[0].Url));
        foreach (var silo in _silos)
        {
            var quota = CpuQuota.Create(silo.Name);
            _quotas.Add(quota);
            quota.Add(silo.ProcessId);
            var caller = _files.Connect(new Uri(silo.Url), ConnectionsEach);
            _callers.Add(caller);
            await Waiting.UntilAsync($"{silo.Name} knows the caller", s_knownLimit, () => IsKnownAsync(caller, silo.Name, cancellationToken));
        }
    }

    private static async Task<bool> IsKnownAsync(AgencyUnderLoad caller, string name, CancellationToken cancellationToken)
    {
        try
        {
            await caller.ClaimAsync(0, GeneratedValues.Sha256(name.GetHashCode(StringComparison.Ordinal)), cancellationToken);
            return true;
        }
        catch (Deconfliction.Rpc.RpcException refused) when (refused.StatusCode is Rpc.StatusCode.Unauthenticated or Rpc.StatusCode.PermissionDenied)
        {
            return false;
        }
    }
}
