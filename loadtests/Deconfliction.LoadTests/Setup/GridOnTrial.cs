using System.Globalization;
using Deconfliction.Client;
using Deconfliction.Client.Identities;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.LoadTests.Setup;

/// <summary>A server process on a store of its own, with budgets so high that they do not limit.</summary>
internal sealed class GridOnTrial : IAsyncDisposable
{
    /// <summary>Options that take the budgets away.</summary>
    public static readonly string[] Unlimited = ["--checks-per-minute", "1000000000", "--claims-per-minute", "1000000000"];

    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(40);
    private readonly TemporaryFolder _folder = new();
    private readonly CommandLine _operator;
    private readonly int? _postmaster;

    private GridOnTrial(string? connection, int? postmaster, string[] options)
    {
        _postmaster = postmaster;
        Server = new ServerProcess(_folder.Path, connection, options);
        _operator = new CommandLine(Server.Url, Server.OperatorFile, Server.AuthorityFile);
    }

    /// <summary>The server.</summary>
    public ServerProcess Server { get; }

    /// <summary>A path in its data folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Whose processor time counts.</summary>
    public CpuSubjects Subjects => new([Server.ProcessId], _postmaster);

    /// <summary>Starts it.</summary>
    /// <param name="connection">PostgreSQL's connection string; nothing for SQLite.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="options">More options, in place of the ones that take the budgets away.</param>
    public static async Task<GridOnTrial> StartAsync(string? connection, CancellationToken cancellationToken, params string[] options)
    {
        var grid = new GridOnTrial(
            connection, connection is null ? null : await PostmasterAsync(connection, cancellationToken), options.Length > 0 ? options : Unlimited);
        try
        {
            await grid.Server.StartAsync();
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds an agency and answers its command line.</summary>
    public async Task<CommandLine> AddAgencyAsync(string id)
    {
        var identity = _folder[id + ".pem"];
        (await _operator.JsonAsync(
            "agency", "add", id, "--name", id.ToUpperInvariant(), "--role", "LAW_ENFORCEMENT", "--contact", $"desk@{id}.example", "--out", identity)).Expect(0);
        return new CommandLine(Server.Url, identity, Server.AuthorityFile);
    }

    /// <summary>Adds an agency and answers its connections.</summary>
    public async Task<AgencyUnderLoad> ConnectAgencyAsync(string id, int connections) =>
        AgencyUnderLoad.Connect(Server, (await AddAgencyAsync(id)).Identity, connections);

    /// <summary>Adds many agencies over one connection, and answers their identity files.</summary>
    public async Task<IReadOnlyList<string>> AddAgenciesAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        using var identity = AgencyIdentity.Load(Server.OperatorFile);
        await using var client = GridClient.Connect(new GridClientOptions
        {
            Server = new Uri(Server.Url), Identity = identity.Certificate, Authorities = AgencyIdentity.LoadAuthorities(Server.AuthorityFile), RequestedBy = "load test",
        });
        var files = new List<string>();
        foreach (var id in ids)
        {
            var pair = CertificateRequestPair.Create(id);
            var added = await client.Agencies.CreateAsync(
                new CreateAgencyRequest { Agency = id, Name = id, Role = AgencyRole.LawEnforcement, Contact = $"desk@{id}.example", CsrPem = pair.RequestPem },
                cancellationToken);
            files.Add(_folder[id + ".pem"]);
            SecretFile.Create(files[^1], added.CertificatePem + pair.KeyPem);
        }

        return files;
    }

    /// <summary>Connects as an agency whose identity file is at hand.</summary>
    public AgencyUnderLoad Connect(string identityFile, int connections) => AgencyUnderLoad.Connect(Server, identityFile, connections);

    /// <summary>Stops the server as an operator would.</summary>
    public Task StopServerAsync() => Server.StopAsync(s_stopLimit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The process id of a database's postmaster: the parent of a backend, whose children are all that PostgreSQL does.</summary>
    public static async Task<int> PostmasterAsync(string connection, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT pg_backend_pid()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var status = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{reader.GetInt32(0)}/status"), cancellationToken);
        return int.Parse(status.First(line => line.StartsWith("PPid:", StringComparison.Ordinal))["PPid:".Length..], CultureInfo.InvariantCulture);
    }
}
