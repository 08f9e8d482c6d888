using Deconfliction.EndToEnd.Tests.Histories;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Deconfliction.EndToEnd.Tests;

/// <summary>Which database.</summary>
public enum Store
{
    /// <summary>The embedded one.</summary>
    Sqlite,

    /// <summary>A PostgreSQL of the tests' own.</summary>
    Postgres,
}

/// <summary>A server process with a store of its own, its operator, and what is needed to add agencies.</summary>
public sealed class GridUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Member> _members = [];
    private readonly string? _connection;

    private GridUnderTest(string? connection, string[] more)
    {
        _connection = connection;
        Server = new ServerProcess(_folder.Path, connection, more);
        Operator = new CommandLine(Server.Url, Server.OperatorFile, Server.AuthorityFile);
    }

    /// <summary>The server.</summary>
    public ServerProcess Server { get; }

    /// <summary>The operator's command line.</summary>
    public CommandLine Operator { get; }

    /// <summary>Starts one on a store of a kind.</summary>
    public static async Task<GridUnderTest> StartAsync(Store store, params string[] more) => await StartOnAsync(
        store == Store.Postgres ? await PostgresServer.CommonAsync() : null, more);

    /// <summary>Starts one on a database of a PostgreSQL, or on SQLite where there is none.</summary>
    public static async Task<GridUnderTest> StartOnAsync(PostgresServer? postgres, params string[] more)
    {
        var grid = new GridUnderTest(postgres is null ? null : await postgres.CreateDatabaseAsync(), more);
        await grid.Server.StartAsync();
        return grid;
    }

    /// <summary>Adds an agency and answers its command line.</summary>
    public async Task<CommandLine> AddAgencyAsync(string id, string role)
    {
        (await Operator.JsonAsync(
            "agency", "add", id, "--name", id.ToUpperInvariant(), "--role", role, "--contact", $"desk@{id}.example", "--out", IdentityOf(id))).Expect(0);
        return CommandLineOf(id);
    }

    /// <summary>Adds an agency and answers its client.</summary>
    public async Task<Member> AddMemberAsync(string id, string role = "LAW_ENFORCEMENT", string? url = null)
    {
        await AddAgencyAsync(id, role);
        var member = Member.Connect(id, url ?? Server.Url, IdentityOf(id), Server.AuthorityFile);
        _members.Add(member);
        return member;
    }

    /// <summary>The command line of an agency that was added.</summary>
    public CommandLine CommandLineOf(string agency) => new(Server.Url, IdentityOf(agency), Server.AuthorityFile);

    /// <summary>The identity file of an agency that was added.</summary>
    public string IdentityOf(string agency) => _folder[agency + ".pem"];

    /// <summary>How many rows a table of the store has, read beside the server.</summary>
    public async Task<long> CountAsync(string table)
    {
        if (_connection is not null)
        {
            await using var source = NpgsqlDataSource.Create(_connection);
            await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
            return (long)(await command.ExecuteScalarAsync())!;
        }

        var file = Directory.GetFiles(Path.Combine(Server.Data, "store"), "*.db").Single();
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var query = connection.CreateCommand();
        query.CommandText = $"SELECT count(*) FROM {table}";
        return (long)(await query.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
