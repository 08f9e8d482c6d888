using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>A silo that is started with nothing but the environment that a file for production gives it; paths and ports are the test's.</summary>
internal sealed class ShippedSilo : NodeProcess
{
    private const string Token = "a secret of monitoring, of more than 32 characters";
    private readonly string _folder;

    /// <summary>Prepares it in a folder that has keys and certificates.</summary>
    public ShippedSilo(string folder, Dictionary<string, string> settings, string connection)
        : base("silo")
    {
        _folder = folder;
        SiloPort = FreePort();
        File.WriteAllText(Path.Combine(folder, "ops.token"), Token);
        settings["DECONFLICTION_CONNECTION"] = connection;
        settings.TryAdd("DECONFLICTION_DATA", "/var/lib/deconfliction"); // as the image does
        Variables = settings.ToDictionary(static one => one.Key, one => Adapt(one.Key, one.Value), StringComparer.Ordinal);
        OpsScheme = Variables.ContainsKey("DECONFLICTION_OPS_TLS") ? "https" : "http";
    }

    /// <summary>Port that other silos connect to.</summary>
    public int SiloPort { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => ["dotnet", Repository.Program("Deconfliction.Silo", "deconfliction-silo")];

    /// <inheritdoc/>
    protected override string OpsToken => Token;

    /// <inheritdoc/>
    protected override string OpsScheme { get; }

    /// <inheritdoc/>
    protected override string WorkingFolder => _folder;

    // Every address that is to be reached from elsewhere stays one: the rules for what may listen there are what is tried.
    private string Adapt(string name, string value) => name switch
    {
        "DECONFLICTION_LISTEN" => $"0.0.0.0:{Port}",
        "DECONFLICTION_OPS" => $"0.0.0.0:{OpsPort}",
        "DECONFLICTION_SILO" => $"127.0.0.1:{SiloPort}",
        _ => value.Replace("$(POD_NAME)", "silo-1", StringComparison.Ordinal).Replace("%i", "silo-1", StringComparison.Ordinal)
            .Replace("${TRUST_DOMAIN:-deconfliction.local}", "deconfliction.local", StringComparison.Ordinal)
            .Replace("${SERVER_NAME:-localhost}", "localhost", StringComparison.Ordinal)
            .Replace("/etc/deconfliction", _folder, StringComparison.Ordinal).Replace("/run/deconfliction", _folder, StringComparison.Ordinal)
            .Replace("/var/lib/deconfliction", Path.Combine(_folder, "data"), StringComparison.Ordinal),
    };
}
