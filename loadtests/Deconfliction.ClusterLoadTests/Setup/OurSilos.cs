using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.ClusterLoadTests.Setup;

/// <summary>Keys, certificates and folders of one cluster of ours, and who asks it; budgets so high that they do not limit.</summary>
internal sealed class OurSilos : IDisposable
{
    /// <summary>Options that take the budgets away.</summary>
    public static readonly string[] Budgets = ["--checks-per-minute", "1000000000", "--claims-per-minute", "1000000000"];

    private readonly TemporaryFolder _folder = new();

    private OurSilos()
    {
    }

    /// <summary>What its silos share.</summary>
    public ClusterFiles Files { get; private set; } = null!;

    /// <summary>Where everything lies.</summary>
    public string Folder => _folder.Path;

    /// <summary>The caller's identity file, once it was added.</summary>
    public string CallerFile => _folder["caller.pem"];

    /// <summary>Makes them.</summary>
    public static async Task<OurSilos> CreateAsync()
    {
        var silos = new OurSilos();
        silos.Files = await ClusterFiles.CreateAsync(silos.Folder);
        return silos;
    }

    /// <summary>Makes a silo's identity and folder, and answers with its command line and the address of its gateway.</summary>
    public async Task<(string[] Arguments, Uri Address)> PrepareAsync(string name, string connection)
    {
        await Files.AddAsync(name);
        var port = NodeProcess.FreePort();
        return (
            [
                "--data", Files.DataOf(name), "--keys", Files.Keys, "--pki", Files.Pki, "--connection", connection,
                "--listen", $"127.0.0.1:{port}", "--ops", $"127.0.0.1:{NodeProcess.FreePort()}",
                "--silo", $"127.0.0.1:{NodeProcess.FreePort()}", "--silo-name", name, "--silo-identity", Files.IdentityOf(name), .. Budgets,
            ],
            new Uri($"https://localhost:{port}"));
    }

    /// <summary>Adds the agency that asks.</summary>
    public async Task AddCallerAsync(Uri address)
    {
        var line = new CommandLine(address.ToString(), Files.OperatorFile, Files.AuthorityFile);
        (await line.JsonAsync("agency", "add", "caller", "--name", "CALLER", "--role", "LAW_ENFORCEMENT", "--contact", "desk@caller.example", "--out", CallerFile))
            .Expect(0);
    }

    /// <summary>Connects as that agency.</summary>
    public AgencyUnderLoad Connect(Uri address, int connections) => AgencyUnderLoad.Connect(address, Files.AuthorityFile, CallerFile, connections);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
