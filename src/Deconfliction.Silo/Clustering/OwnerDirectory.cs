using System.Diagnostics.CodeAnalysis;
using Deconfliction.Silo.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// The directory of this project's grains: nothing is stored or sent, the owner is computed from the membership (<see cref="Owners"/>).
/// </summary>
/// <remarks>
/// A first call for a fresh identifier so costs one hop at most, and no registration elsewhere. Two silos with different views may each
/// hold an activation of one grain for a moment; the ledger's fence makes that harmless (ADR 0011). Orleans asks a cache before it asks
/// the directory: this is both, so that the answer never takes a wait.
/// </remarks>
internal sealed class OwnerDirectory(IServiceProvider services, Reach reach, ILocalSiloDetails here) : IGrainDirectory, IGrainDirectoryCache
{
    private static readonly GrainType s_identifier = GrainType.Create(IdentifierGrain.Kind);

    /// <summary>Its name, for the grains' attribute.</summary>
    public const string Name = "owner";

    // Resolved late: membership is put together with what uses this.
    private IClusterMembershipService? _membership;
    private volatile Owners? _owners;

    /// <summary>This silo.</summary>
    public SiloAddress Here => here.SiloAddress;

    /// <summary>The owners in the newest view.</summary>
    public Owners Current
    {
        get
        {
            var view = (_membership ??= services.GetRequiredService<IClusterMembershipService>()).CurrentSnapshot;
            return _owners is { } owners && owners.Version == view.Version ? owners : _owners = Owners.Of(view);
        }
    }

    /// <summary>
    /// Where a grain lives as this silo sees it; nothing while no silo is active. An identifier whose owner is out of reach lives here:
    /// whoever asks this silo is answered from the ledger. Agencies and sweeps stay where they are: budgets and the numbers of feeds are
    /// one silo's work.
    /// </summary>
    public SiloAddress? OwnerOf(GrainId grain) =>
        Current.OwnerOf(grain) is { } owner ? grain.Type.Equals(s_identifier) && reach.IsLost(owner) ? here.SiloAddress : owner : null;

    /// <inheritdoc/>
    public IEnumerable<(GrainAddress ActivationAddress, int Version)> KeyValues => [];

    /// <summary>
    /// An activation on its owner stands; one elsewhere learns whose the grain is, and Orleans passes its messages on.
    /// </summary>
    public Task<GrainAddress?> Register(GrainAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var owner = OwnerOf(address.GrainId);
        return Task.FromResult<GrainAddress?>(owner is null || owner.Equals(address.SiloAddress) ? address : Address(address.GrainId, owner));
    }

    /// <inheritdoc/>
    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress) => Register(address);

    /// <inheritdoc/>
    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult(LookUp(grainId, out var address, out _) ? address : null);

    /// <inheritdoc/>
    public bool LookUp(GrainId key, [NotNullWhen(true)] out GrainAddress? result, out int version)
    {
        version = (int)Current.Version.Value;
        result = OwnerOf(key) is { } owner ? Address(key, owner) : null;
        return result is not null;
    }

    /// <inheritdoc/>
    public void AddOrUpdate(GrainAddress value, int version)
    {
        // What is computed is not kept.
    }

    /// <inheritdoc/>
    public bool Remove(GrainId key) => false;

    /// <inheritdoc/>
    public bool Remove(GrainAddress key) => false;

    /// <inheritdoc/>
    public void Clear()
    {
        // Nothing is kept.
    }

    private static GrainAddress Address(GrainId grain, SiloAddress silo) => new() { GrainId = grain, SiloAddress = silo };
}
