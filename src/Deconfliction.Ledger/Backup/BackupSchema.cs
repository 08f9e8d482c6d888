using Deconfliction.Ledger.Migrations;

namespace Deconfliction.Ledger.Backup;

/// <summary>A backup is taken of this program's own schema only: it knows no other table.</summary>
internal static class BackupSchema
{
    /// <exception cref="SchemaMismatchException">The store is newer, older, or another program's.</exception>
    public static void Confirm(MigrationCatalog catalog, IReadOnlyCollection<AppliedMigration> applied)
    {
        if (catalog.Pending(applied).Count > 0)
        {
            throw new SchemaMismatchException(
                $"The store has schema {applied.Count}, this program {catalog.Newest}: start the server once, which brings it up to date, "
                + "or take the backup with the program version that made it.");
        }
    }
}
