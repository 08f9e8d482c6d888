using System.Diagnostics;
using System.Net;

namespace Deconfliction.Testing.Processes;

/// <summary>A <c>deconfliction-silo</c> of its own process; it can be killed and started again under the same name and addresses.</summary>
public sealed class SiloProcess : NodeProcess
{
    private readonly SiloPlace? _place;
    private readonly IReadOnlyList<string> _options;

    /// <summary>Prepares a silo; <see cref="NodeProcess.StartAsync"/> starts it.</summary>
    /// <param name="name">Its name in the cluster.</param>
    /// <param name="files">What the cluster's silos share.</param>
    /// <param name="connection">PostgreSQL's connection string.</param>
    /// <param name="place">A network namespace of its own; nothing means loopback.</param>
    /// <param name="more">More options.</param>
    public SiloProcess(string name, ClusterFiles files, string connection, SiloPlace? place = null, params string[] more)
        : base(name)
    {
        _place = place;
        Data = files.DataOf(name);
        SiloPort = FreePort();
        Directory.CreateDirectory(Data);
        var token = Path.Combine(Data, "ops.token");
        File.WriteAllText(token, OpsToken);
        _options =
        [
            "--data", Data, "--keys", files.Keys, "--pki", files.Pki,
            "--connection", connection,
            "--listen", $"{Address}:{Port}", "--ops", $"127.0.0.1:{OpsPort}", "--ops-token", token,
            "--silo", $"{Address}:{SiloPort}", "--silo-name", name, "--silo-identity", files.IdentityOf(name),
            .. more,
        ];
    }

    /// <summary>Its own folder.</summary>
    public string Data { get; }

    /// <summary>Port that the other silos connect to.</summary>
    public int SiloPort { get; }

    /// <summary>Where agencies and other silos find it.</summary>
    public string Address => _place?.Address ?? "127.0.0.1";

    /// <inheritdoc/>
    public override string Url => $"https://{(_place is null ? "localhost" : Address)}:{Port}";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
        [.. Prefix, "dotnet", Repository.Program("Deconfliction.Silo", "deconfliction-silo"), .. _options];

    /// <inheritdoc/>
    protected override string OpsToken => "a secret that the tests' silos have in common";

    /// <inheritdoc/>
    protected override string OpsScheme => _options.Contains("--ops-tls") ? "https" : "http";

    /// <inheritdoc/>
    protected override string WorkingFolder => Data;

    private string[] Prefix => _place is null ? [] : ["ip", "netns", "exec", _place.Namespace];

    /// <inheritdoc/>
    protected override async Task<(HttpStatusCode Status, string Text)> GetOpsAsync(string path)
    {
        if (_place is null)
        {
            return await base.GetOpsAsync(path);
        }

        // The listener is on the loopback of the silo's namespace, so somebody must go there to ask.
        const string Script = """exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET %s HTTP/1.0\r\nAuthorization: Bearer %s\r\n\r\n' "$2" "$3" >&3 && timeout 5 cat <&3""";
        using var asking = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", _place.Namespace, "bash", "-c", Script, "bash", $"{OpsPort}", path, OpsToken])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _ = asking.StandardError.ReadToEndAsync();
        var answer = await asking.StandardOutput.ReadToEndAsync();
        await asking.WaitForExitAsync();
        var head = answer.Split(' ', 3);
        return head.Length == 3 && int.TryParse(head[1], out var status)
            ? ((HttpStatusCode)status, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])
            : (default, answer);
    }
}
