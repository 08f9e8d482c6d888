using Microsoft.Extensions.Logging;

namespace Deconfliction.Ledger.Backup;

/// <summary>Where a ledger's store is.</summary>
public abstract record LedgerLocation
{
    private LedgerLocation()
    {
    }

    /// <summary>Opens the ledger there; see <see cref="LedgerFactory"/>.</summary>
    public Task<ILedger> OpenAsync(LedgerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken) => this switch
    {
        Sqlite sqlite => LedgerFactory.OpenSqliteAsync(sqlite.Path, options, loggers, cancellationToken),
        Postgres postgres => LedgerFactory.OpenPostgresAsync(postgres.ConnectionString, options, loggers, cancellationToken),
        _ => throw new InvalidOperationException($"There is no store of the kind {GetType().Name}."),
    };

    /// <summary>The embedded store.</summary>
    /// <param name="Path">Its file.</param>
    public sealed record Sqlite(string Path) : LedgerLocation;

    /// <summary>A PostgreSQL database.</summary>
    /// <param name="ConnectionString">Npgsql's connection string.</param>
    public sealed record Postgres(string ConnectionString) : LedgerLocation
    {
        /// <summary>Without the connection string, which may hold a password.</summary>
        public override string ToString() => nameof(Postgres);
    }
}
