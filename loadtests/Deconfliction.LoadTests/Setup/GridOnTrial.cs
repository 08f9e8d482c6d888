using System.Globalization;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.LoadTests.Setup;

/// <summary>A server process on a store of its own, with budgets so high that they do not limit.</summary>
internal sealed class GridOnTrial : IAsyncDisposable
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(40);
    private static readonly string[] s_budgets = ["--checks-per-minute", "1000000000", "--claims-per-minute", "1000000000"];
    private readonly TemporaryFolder _folder = new();
    private readonly CommandLine _operator;
    private readonly int? _postmaster;

    private GridOnTrial(string? connection, int? postmaster)
    {
        _postmaster = postmaster;
        Server = new ServerProcess(_folder.Path, connection, s_budgets);
        _operator = new CommandLine(Server.Url, Server.OperatorFile, Server.AuthorityFile);
    }

    /// <summary>The server.</summary>
    public ServerProcess Server { get; }

    /// <summary>Whose processor time counts.</summary>
    public CpuSubjects Subjects => new([Server.ProcessId], _postmaster);

    /// <summary>Starts it.</summary>
    /// <param name="connection">PostgreSQL's connection string; nothing for SQLite.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<GridOnTrial> StartAsync(string? connection, CancellationToken cancellationToken)
    {
        var grid = new GridOnTrial(connection, connection is null ? null : await PostmasterAsync(connection, cancellationToken));
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
