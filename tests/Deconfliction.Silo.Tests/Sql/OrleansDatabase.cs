using Deconfliction.Testing;
using Npgsql;

namespace Deconfliction.Silo.Tests.Sql;

/// <summary>A database of its own with the project's script applied.</summary>
public sealed class OrleansDatabase : IAsyncLifetime, IAsyncDisposable
{
    private NpgsqlDataSource? _source;

    /// <summary>The script as it is shipped.</summary>
    public static string Script { get; } = ReadScript();

    /// <summary>Where the database is.</summary>
    public string ConnectionString { get; private set; } = string.Empty;

    /// <summary>Connections to it.</summary>
    public NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("The database is not made yet.");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await InitializeEmptyAsync();
        await ApplyAsync(ConnectionString, Script);
    }

    /// <summary>Makes the database without the script.</summary>
    public async Task InitializeEmptyAsync()
    {
        var server = await PostgresServer.CommonAsync();
        ConnectionString = await server.CreateDatabaseAsync() + ";Maximum Pool Size=8;Include Error Detail=true";
        _source = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <summary>Runs a script as a whole in one transaction.</summary>
    public static async Task ApplyAsync(string connectionString, string script)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(script, connection, transaction);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    /// <summary>The first column of all rows.</summary>
    public async Task<List<T>> ColumnAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetFieldValue<T>(0));
        }

        return values;
    }

    /// <summary>The text that Orleans finds under a key.</summary>
    public async Task<string> QueryAsync(string key) =>
        (await ColumnAsync<string>($"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{key}'")).Single();

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    private static string ReadScript()
    {
        using var resource = typeof(OrleansDatabase).Assembly.GetManifestResourceStream("orleans.sql")
            ?? throw new InvalidOperationException("The script is not embedded in the tests.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
