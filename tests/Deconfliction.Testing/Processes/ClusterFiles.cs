using System.Diagnostics;

namespace Deconfliction.Testing.Processes;

/// <summary>What the silos of a cluster share: the key ring, both authorities, and an identity for each.</summary>
public sealed class ClusterFiles
{
    private readonly string _folder;

    private ClusterFiles(string folder) => _folder = folder;

    /// <summary>The key ring and the authorities' keys.</summary>
    public string Keys => Path.Combine(_folder, "keys");

    /// <summary>The certificates.</summary>
    public string Pki => Path.Combine(_folder, "pki");

    /// <summary>The certificate of the authority by which agencies know the silos.</summary>
    public string AuthorityFile => Path.Combine(Pki, "ca.pem");

    /// <summary>The operator's identity, written by the first silo.</summary>
    public string OperatorFile => Path.Combine(Pki, "operator.pem");

    /// <summary>Makes them in a folder, by the silo's own subcommand.</summary>
    public static async Task<ClusterFiles> CreateAsync(string folder)
    {
        var files = new ClusterFiles(folder);
        await files.RunAsync("init", "--silo-name", "first", "--silo-identity", files.IdentityOf("first"));
        return files;
    }

    /// <summary>Issues the identity of a silo, and makes its folder.</summary>
    public Task AddAsync(string name)
    {
        Directory.CreateDirectory(DataOf(name));
        return RunAsync("identity", name, "--out", IdentityOf(name));
    }

    /// <summary>Makes a second authority of silos, which issues from now on; whoever starts from now on trusts both.</summary>
    public async Task ChangeSiloAuthorityAsync()
    {
        var (certificate, key) = (Path.Combine(Pki, "silo-ca.pem"), Path.Combine(Keys, "silo-authority.key"));
        var old = await File.ReadAllTextAsync(certificate);
        File.Delete(certificate);
        File.Delete(key);
        await RunAsync("init", "--silo-name", "first", "--silo-identity", IdentityOf("first"));
        await File.AppendAllTextAsync(certificate, old);
    }

    /// <summary>Issues the identity of a silo anew.</summary>
    public Task ReissueAsync(string name)
    {
        File.Delete(IdentityOf(name));
        return AddAsync(name);
    }

    /// <summary>A silo's own folder.</summary>
    public string DataOf(string name) => Path.Combine(_folder, name);

    /// <summary>A silo's certificate and key for other silos.</summary>
    public string IdentityOf(string name) => Path.Combine(_folder, "silos", name + ".pem");

    private async Task RunAsync(params string[] words)
    {
        string[] command = [Repository.Program("Deconfliction.Silo", "deconfliction-silo"), .. words, "--data", _folder, "--keys", Keys, "--pki", Pki];
        using var process = Process.Start(new ProcessStartInfo("dotnet", command)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"deconfliction-silo {string.Join(' ', words)} ended with {process.ExitCode}.\n{await output}\n{await errors}");
        }
    }
}
