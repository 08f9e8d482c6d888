using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// Rows on their way to the database: an array a column, one statement a table, however many rows. Types are said in the statement, and
/// to the driver by each column's own type (to name them to it as well would cost two strings a column and group).
/// </summary>
internal sealed class PostgresColumns<TRow>
{
    private readonly List<Column> _columns = [];

    public PostgresColumns()
    {
    }

    /// <summary>The same columns, and more to come.</summary>
    public PostgresColumns(PostgresColumns<TRow> first)
    {
        _columns.AddRange(first._columns);
        _names.AddRange(first._names);
    }

    private delegate NpgsqlParameter Column(IReadOnlyList<TRow> rows);

    private readonly List<(string Name, string Type)> _names = [];

    /// <summary>The columns' names, for an INSERT.</summary>
    public string Names => string.Join(", ", _names.Select(column => column.Name));

    /// <summary>The rows as a table <paramref name="alias"/>, for a FROM.</summary>
    public string Table(string alias) =>
        $"unnest({string.Join(", ", _names.Select((column, i) => Invariant($"${i + 1}::{column.Type}[]")))}) AS {alias} ({Names})";

    /// <summary><c>INSERT INTO table … SELECT … FROM unnest(…)</c>.</summary>
    public string InsertInto(string table) => $"INSERT INTO {table} ({Names}) SELECT * FROM {Table("u")}";

    /// <summary><c>SET column = u.column, …</c> for all columns but the first ones, which are the key.</summary>
    public string SetAllBut(int key) => string.Join(", ", _names.Skip(key).Select(column => $"{column.Name} = u.{column.Name}"));

    /// <summary>A statement with its rows.</summary>
    public NpgsqlBatchCommand Bind(string sql, IReadOnlyList<TRow> rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in _columns)
        {
            command.Parameters.Add(column(rows));
        }

        return command;
    }

    /// <summary>Adds the statement with its rows to a batch, if there are rows.</summary>
    public void AddTo(NpgsqlBatch batch, string sql, IReadOnlyList<TRow> rows)
    {
        if (rows.Count > 0)
        {
            batch.BatchCommands.Add(Bind(sql, rows));
        }
    }

    public PostgresColumns<TRow> Uuid(string name, Func<TRow, Guid> value) => Add(name, "uuid", value);

    public PostgresColumns<TRow> UuidOrNull(string name, Func<TRow, Guid?> value) => Add(name, "uuid", value);

    public PostgresColumns<TRow> Text(string name, Func<TRow, string?> value) => Add(name, "text", value);

    public PostgresColumns<TRow> Bytes(string name, Func<TRow, byte[]?> value) => Add(name, "bytea", value);

    public PostgresColumns<TRow> Memory(string name, Func<TRow, ReadOnlyMemory<byte>> value) =>
        Add(name, "bytea", row => ToArray(value(row)));

    public PostgresColumns<TRow> Time(string name, Func<TRow, DateTimeOffset> value) =>
        Add(name, "timestamptz", row => value(row).ToUniversalTime());

    public PostgresColumns<TRow> TimeOrNull(string name, Func<TRow, DateTimeOffset?> value) =>
        Add(name, "timestamptz", row => value(row)?.ToUniversalTime());

    public PostgresColumns<TRow> Long(string name, Func<TRow, long> value) => Add(name, "bigint", value);

    public PostgresColumns<TRow> LongOrNull(string name, Func<TRow, long?> value) => Add(name, "bigint", value);

    public PostgresColumns<TRow> Int(string name, Func<TRow, int> value) => Add(name, "integer", value);

    public PostgresColumns<TRow> IntOrNull(string name, Func<TRow, int?> value) => Add(name, "integer", value);

    public PostgresColumns<TRow> Small(string name, Func<TRow, int> value) =>
        Add(name, "smallint", row => checked((short)value(row)));

    public PostgresColumns<TRow> Flag(string name, Func<TRow, bool> value) => Add(name, "boolean", value);

    private PostgresColumns<TRow> Add<TValue>(string name, string type, Func<TRow, TValue> value)
    {
        _names.Add((name, type));
        _columns.Add(rows =>
        {
            var values = new TValue[rows.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = value(rows[i]);
            }

            return new NpgsqlParameter<TValue[]> { TypedValue = values };
        });
        return this;
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
