using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Deconfliction.Ledger.Migrations;

/// <summary>One step of a database's schema: <c>Migrations/DATABASE/NNNN_name.sql</c>, embedded in the program.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">What the file is called after its number.</param>
/// <param name="Sql">What it does.</param>
/// <param name="Checksum">SHA-256 of it, lower-case hex: a step that was applied never changes.</param>
internal sealed record Migration(int Number, string Name, string Sql, string Checksum);

/// <summary>A step as the database remembers it, in <c>schema_migration</c>.</summary>
internal sealed record AppliedMigration(int Number, string Name, string Checksum);

/// <summary>The steps that this program knows for one database, and which of them are to be applied.</summary>
internal sealed class MigrationCatalog
{
    private readonly string _database;

    /// <summary>Makes a catalogue of steps.</summary>
    public MigrationCatalog(string database, IReadOnlyList<Migration> migrations)
    {
        _database = database;
        Migrations = migrations;
    }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<Migration> Migrations { get; }

    /// <summary>Number of the newest step.</summary>
    public int Newest => Migrations.Count;

    /// <summary>Reads the steps embedded for <c>Sqlite</c> or <c>Postgres</c>.</summary>
    public static MigrationCatalog Embedded(string database)
    {
        var assembly = typeof(MigrationCatalog).Assembly;
        var prefix = $"Migrations/{database}/";
        var migrations = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var migration = Read(Path.GetFileNameWithoutExtension(resource), reader.ReadToEnd());
            if (migration.Number != migrations.Count + 1)
            {
                throw new InvalidOperationException($"The migration {resource} should have number {migrations.Count + 1}.");
            }

            migrations.Add(migration);
        }

        return new MigrationCatalog(database, migrations);
    }

    /// <summary>What has to be applied, in order, to a database that has <paramref name="applied"/>.</summary>
    /// <exception cref="SchemaMismatchException">The database is newer than this program, or has a step that is not this program's.</exception>
    public IReadOnlyList<Migration> Pending(IReadOnlyCollection<AppliedMigration> applied)
    {
        var newest = applied.Count == 0 ? 0 : applied.Max(step => step.Number);
        if (newest > Newest)
        {
            throw new SchemaMismatchException(
                $"The {_database} database has schema {newest}, this program knows up to {Newest}. "
                + "Run the program version that made the database, or a newer one.");
        }

        foreach (var step in applied)
        {
            var known = Migrations.FirstOrDefault(migration => migration.Number == step.Number);
            if (known is null || !string.Equals(known.Checksum, step.Checksum, StringComparison.Ordinal))
            {
                throw new SchemaMismatchException(
                    $"Migration {step.Number} ({step.Name}) of the {_database} database is not the one that this program has "
                    + $"({known?.Name ?? "none"}): its checksum differs. The database was made by another build; restore a backup "
                    + "or run that build.");
            }
        }

        return [.. Migrations.Where(migration => applied.All(step => step.Number != migration.Number))];
    }

    private static Migration Read(string fileName, string sql)
    {
        var parts = fileName.Split('_', 2);
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new InvalidOperationException($"A migration is called NNNN_name.sql, not {fileName}.sql.");
        }

        return new Migration(number, parts[1], sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }
}
