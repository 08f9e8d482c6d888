namespace Deconfliction.Testing.Processes;

/// <summary>
/// A <c>deconfliction-server</c> of its own process, on ports and a data folder of its own; it can be killed and started again
/// on the same ones.
/// </summary>
public sealed class ServerProcess : NodeProcess
{
    private readonly string[] _options;

    /// <summary>Prepares a server; <see cref="NodeProcess.StartAsync"/> starts it.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="connection">PostgreSQL's connection string; nothing means SQLite.</param>
    /// <param name="more">More options.</param>
    public ServerProcess(string data, string? connection = null, params string[] more)
        : base("The server")
    {
        Data = data;
        string[] store = connection is null ? [] : ["--store", "postgres", "--connection", connection];
        _options =
        [
            "--data", data,
            "--listen", $"127.0.0.1:{Port}",
            "--ops", $"127.0.0.1:{OpsPort}",
            .. store,
            .. more,
        ];
    }

    /// <summary>Its data folder.</summary>
    public string Data { get; }

    /// <summary>The authority's certificate.</summary>
    public string AuthorityFile => Path.Combine(Data, "pki", "ca.pem");

    /// <summary>The operator's identity.</summary>
    public string OperatorFile => Path.Combine(Data, "pki", "operator.pem");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
        ["dotnet", Repository.Program("Deconfliction.Server", "deconfliction-server"), .. _options];

    /// <inheritdoc/>
    protected override string WorkingFolder => Data;
}
