using System.Globalization;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.ClusterLoadTests.Setup;

/// <summary>Our silo and the plain one, each in a process and on a database of its own, of one PostgreSQL.</summary>
internal sealed class TwoSides : IAsyncDisposable
{
    private readonly OurSilos _silos;
    private readonly Uri _plainAddress;
    private readonly int _postmaster;

    private TwoSides(OurSilos silos, SideProcess ours, Uri ourAddress, SideProcess plain, Uri plainAddress, int postmaster)
    {
        (_silos, Ours, OurAddress, Plain, _plainAddress, _postmaster) = (silos, ours, ourAddress, plain, plainAddress, postmaster);
    }

    /// <summary>Ours.</summary>
    public SideProcess Ours { get; }

    /// <summary>Where our gateway is.</summary>
    public Uri OurAddress { get; }

    /// <summary>The plain one.</summary>
    public SideProcess Plain { get; }

    /// <summary>Starts both.</summary>
    public static async Task<TwoSides> StartAsync(ClusterBench bench, CancellationToken cancellationToken)
    {
        var silos = await OurSilos.CreateAsync();
        var (ourDatabase, postmaster) = await bench.CreateDatabaseAsync(cancellationToken);
        var (plainDatabase, _) = await bench.CreateDatabaseAsync(cancellationToken);
        bench.Progress.Say("starting both sides");
        var (arguments, address) = await silos.PrepareAsync("ours", ourDatabase);
        var ours = await SideProcess.StartAsync("ours", ["side", "ours", .. arguments], silos.Folder, cancellationToken);
        await silos.AddCallerAsync(address);
        var port = NodeProcess.FreePort();
        string[] settings =
        [
            plainDatabase, bench.Options.PlainPool.ToString(CultureInfo.InvariantCulture), port.ToString(CultureInfo.InvariantCulture),
            NodeProcess.FreePort().ToString(CultureInfo.InvariantCulture), silos.Files.Keys, silos.Files.Pki, Path.Combine(silos.Folder, "plain.pem"),
        ];
        var plain = await SideProcess.StartAsync("plain", ["side", "plain", .. settings], silos.Folder, cancellationToken);
        return new TwoSides(silos, ours, address, plain, new Uri($"https://localhost:{port}"), postmaster);
    }

    /// <summary>Whose processor time counts for a side.</summary>
    public CpuSubjects SubjectsOf(SideProcess side) => new([side.ProcessId], _postmaster);

    /// <summary>Connects to a side over gRPC.</summary>
    public AgencyUnderLoad Connect(SideProcess side, int connections) => side == Ours
        ? _silos.Connect(OurAddress, connections)
        : AgencyUnderLoad.Connect(_plainAddress, _silos.Files.AuthorityFile, Path.Combine(_silos.Folder, "plain.pem"), connections);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        await Plain.DisposeAsync();
        _silos.Dispose();
    }
}
