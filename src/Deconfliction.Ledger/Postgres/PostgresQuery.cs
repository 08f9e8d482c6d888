using System.Globalization;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Npgsql;
using NpgsqlTypes;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// One statement in the making: <see cref="Value(string)"/> and its like take a value and answer its place (<c>$1</c>, <c>$2</c> …)
/// in the text, so that a filter which is not asked for is not in the statement that the planner sees.
/// </summary>
internal sealed class PostgresQuery
{
    private readonly List<NpgsqlParameter> _values = [];

    /// <summary>The text.</summary>
    public required string Sql { get; set; }

    /// <summary>A query whose text is made of its values.</summary>
    public static PostgresQuery Of(Func<PostgresQuery, string> text)
    {
        var query = new PostgresQuery { Sql = "" };
        query.Sql = text(query);
        return query;
    }

    public string Value(string value) => Add(new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text });

    public string Value(AgencyId value) => Value(value.Value);

    public string Value(Guid value) => Add(new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid });

    public string Value(long value) => Add(new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint });

    public string Value(byte[] value) => Add(new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea });

    public string Value(Tag value) => Value(value.ToArray());

    public string Value(DateTimeOffset value) => Add(
        new NpgsqlParameter<DateTimeOffset> { TypedValue = value.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });

    public string Value(Guid[] values) => Add(
        new NpgsqlParameter<Guid[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });

    /// <summary>Reads all rows.</summary>
    public async Task<List<T>> ToListAsync<T>(
        NpgsqlConnection connection, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var command = Command(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Reads the first row, if there is one.</summary>
    public async Task<T?> FirstAsync<T>(NpgsqlConnection connection, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = Command(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(reader) : default;
    }

    /// <summary>Runs it; answers how many rows it changed.</summary>
    public async Task<int> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(Sql, connection);
        foreach (var value in _values)
        {
            command.Parameters.Add(value);
        }

        return command;
    }

    private string Add(NpgsqlParameter value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }
}
