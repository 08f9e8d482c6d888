using Deconfliction.Ledger.Migrations;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>Brings the store's schema up to date, in one transaction, which is the lock.</summary>
internal static class SqliteMigrations
{
    /// <exception cref="SchemaMismatchException">The store is newer than this program, or not this program's.</exception>
    public static void Apply(SqliteSession session, MigrationCatalog catalog, DateTimeOffset now)
    {
        session.Begin();
        try
        {
            RefuseForeign(session);
            session.Execute("""
                CREATE TABLE IF NOT EXISTS schema_migration (
                  number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT
                """);
            var applied = session.Prepare("SELECT number, name, checksum FROM schema_migration ORDER BY number")
                .ToList(static row => new AppliedMigration(row.Int(), row.Text(), row.Text()));
            foreach (var migration in catalog.Pending(applied))
            {
                session.Execute(migration.Sql);
                session.Prepare("INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)")
                    .Bind(migration.Number).Bind(migration.Name).Bind(migration.Checksum).Bind(now).Run();
            }

            session.Commit();
        }
        finally
        {
            session.Rollback();
        }
    }

    private static void RefuseForeign(SqliteSession session)
    {
        session.Prepare("""
            SELECT count(*) > 0 AND sum(name = 'schema_migration') = 0 FROM sqlite_schema WHERE type = 'table'
            """).TryFirst(static row => row.Bool(), out var isForeign);
        if (isForeign)
        {
            throw new SchemaMismatchException(
                "The SQLite file holds tables that this program did not make. Choose another store.");
        }
    }
}
