using Deconfliction.Gateway.Identity;
using Deconfliction.Server.Options;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Identity;
using Deconfliction.Silo.Options;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Silo.Tests.Identity;

/// <summary>Keys, certificates and identities of a cluster in a temporary folder, made by the silo's own commands.</summary>
internal sealed class ClusterFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Its path.</summary>
    public string Path => _folder.Path;

    /// <summary>The file of a silo's identity.</summary>
    public string IdentityOf(string name) => System.IO.Path.Combine(Path, "pki", "silos", name + ".pem");

    /// <summary>What is set for a silo of it.</summary>
    public SiloOptions Options(params string[] more)
    {
        var (options, problems) = new SiloOptionReader(OptionSources.Read(
            SiloOptionTable.All, ["--data", Path, .. more], static _ => null, "nowhere.json")).Read(runs: false);
        return options ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    /// <summary><c>init</c>.</summary>
    public string Init(params string[] more) => IdentityCommands.Init(Options(more), TimeProvider.System);

    /// <summary><c>identity</c>; the file.</summary>
    public string Issue(string name)
    {
        IdentityCommands.Issue(Options(), name, IdentityOf(name), TimeProvider.System);
        return IdentityOf(name);
    }

    /// <summary>What a silo loads at its start.</summary>
    public SiloIdentity Load(string name, string? identityFile = null, TimeProvider? time = null) => SiloIdentity.Load(
        name, Options().Server.TrustDomain, identityFile ?? IdentityOf(name), Options().AuthorityFile, time ?? TimeProvider.System);

    /// <summary>All files with what is in them.</summary>
    public Dictionary<string, string> Files() => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
        .ToDictionary(file => System.IO.Path.GetRelativePath(Path, file), static file => Convert.ToHexString(File.ReadAllBytes(file)));

    /// <summary>The trust domain.</summary>
    public TrustDomain Domain => Options().Server.TrustDomain;

    public void Dispose() => _folder.Dispose();
}
