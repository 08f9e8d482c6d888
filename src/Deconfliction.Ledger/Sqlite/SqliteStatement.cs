using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>
/// A prepared statement, used again and again: values are bound and read in order, without boxing. ADO.NET's commands cost as much
/// as SQLite itself at the rates that groups reach. Not thread-safe, as its connection.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int IdLength = 16;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _parameter;
    private int _column;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_parameter, value));
        return this;
    }

    public SqliteStatement Bind(bool value) => Bind(value ? 1L : 0L);

    public SqliteStatement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public SqliteStatement Bind(DateTimeOffset value) => Bind(AuditChain.ToMicroseconds(value));

    public SqliteStatement Bind(DateTimeOffset? value) => value is { } time ? Bind(time) : BindNull();

    public SqliteStatement Bind(AgencyId value) => Bind(value.Value);

    public SqliteStatement Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(bytes);
    }

    public SqliteStatement Bind(Guid? value) => value is { } id ? Bind(id) : BindNull();

    public SqliteStatement Bind(Tag value)
    {
        Span<byte> bytes = stackalloc byte[Domain.Identifiers.Tag.Length];
        value.CopyTo(bytes);
        return Bind(bytes);
    }

    public SqliteStatement Bind(Tag? value) => value is { } tag ? Bind(tag) : BindNull();

    public SqliteStatement Bind(ReadOnlySpan<byte> value)
    {
        // A pointer to nothing would bind NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, ++_parameter, 0)
            : raw.sqlite3_bind_blob(_statement, ++_parameter, value));
        return this;
    }

    public SqliteStatement Bind(string? value)
    {
        const int OnStack = 512;
        if (value is null)
        {
            return BindNull();
        }

        if (value.Length == 0)
        {
            Check(raw.sqlite3_bind_text(_statement, ++_parameter, ""));
            return this;
        }

        Span<byte> buffer = stackalloc byte[OnStack];
        var utf8 = Encoding.UTF8.TryGetBytes(value, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(value);
        Check(raw.sqlite3_bind_text(_statement, ++_parameter, utf8));
        return this;
    }

    /// <summary>Runs it to its end; answers how many rows it changed.</summary>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>All rows.</summary>
    public List<T> ToList<T>(Func<SqliteStatement, T> read)
    {
        try
        {
            var rows = new List<T>();
            while (Step())
            {
                rows.Add(read(this));
            }

            return rows;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first row, if there is one.</summary>
    public bool TryFirst<T>(Func<SqliteStatement, T> read, out T row)
    {
        try
        {
            var found = Step();
            row = found ? read(this) : default!;
            return found;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Goes to the next row; after the last it must be <see cref="Reset"/>.</summary>
    public bool Step()
    {
        _column = 0;
        var result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        Check(result);
        return false;
    }

    /// <summary>Forgets what a use that failed between two values had bound: all later ones would be bound a place too far.</summary>
    public void StartOver() => _parameter = 0;

    /// <summary>Makes it ready for the next use. An error of the last use was thrown by <see cref="Step"/>.</summary>
    public void Reset()
    {
        _ = raw.sqlite3_reset(_statement);
        _parameter = 0;
    }

    /// <summary>Whether the next column holds nothing; does not move on.</summary>
    public bool IsNull => raw.sqlite3_column_type(_statement, _column) == raw.SQLITE_NULL;

    public void Skip(int columns) => _column += columns;

    public long Long() => raw.sqlite3_column_int64(_statement, _column++);

    public int Int() => checked((int)Long());

    public bool Bool() => Long() != 0;

    public DateTimeOffset Time() => new(Long() * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    public ReadOnlySpan<byte> Bytes() => raw.sqlite3_column_blob(_statement, _column++);

    public Guid Id() => new(Bytes(), bigEndian: true);

    public Tag Tag() => new(Bytes());

    // By its bytes, so that its length counts and not the first NUL.
    public string Text() => Encoding.UTF8.GetString(Bytes());

    public AgencyId Agency() => AgencyId.Parse(Text());

    public string? TextOrNull() => SkipNull() ? null : Text();

    public long? LongOrNull() => SkipNull() ? null : Long();

    public DateTimeOffset? TimeOrNull() => SkipNull() ? null : Time();

    public Guid? IdOrNull() => SkipNull() ? null : Id();

    public Tag? TagOrNull() => SkipNull() ? null : Tag();

    public AgencyId? AgencyOrNull() => SkipNull() ? null : Agency();

    public void Dispose() => _statement.Dispose();

    private SqliteStatement BindNull()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_parameter));
        return this;
    }

    private bool SkipNull()
    {
        var isNull = IsNull;
        _column += isNull ? 1 : 0;
        return isNull;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
