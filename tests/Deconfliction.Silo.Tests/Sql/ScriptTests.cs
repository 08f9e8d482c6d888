using System.Reflection;
using Orleans.Storage;

namespace Deconfliction.Silo.Tests.Sql;

/// <summary>The script as a whole: it may be applied at any time, and has what the providers ask for.</summary>
public sealed class ScriptTests
{
    private const string Fingerprint =
        "SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM ("
        + "SELECT QueryKey || QueryText AS line FROM OrleansQuery "
        + "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' "
        + "UNION ALL SELECT table_name || column_name || data_type || is_nullable FROM information_schema.columns "
        + "WHERE table_schema = 'public') AS lines";

    [Fact]
    public async Task Apply_Twice_ChangesNothingAndKeepsWhatIsThere()
    {
        await using var database = new OrleansDatabase();
        await database.InitializeAsync();
        await database.ExecuteAsync("INSERT INTO OrleansMembershipVersion (cluster_id, version) VALUES ('kept', 7)");
        var before = await database.ColumnAsync<string>(Fingerprint);
        await OrleansDatabase.ApplyAsync(database.ConnectionString, OrleansDatabase.Script);
        Assert.Equal(before, await database.ColumnAsync<string>(Fingerprint));
        Assert.Equal([7], await database.ColumnAsync<int>("SELECT version FROM OrleansMembershipVersion WHERE cluster_id = 'kept'"));
    }

    [Fact]
    public async Task Apply_OverAnOlderQuery_BringsItUpToDate()
    {
        await using var database = new OrleansDatabase();
        await database.InitializeAsync();
        var before = await database.ColumnAsync<string>(Fingerprint);
        await database.ExecuteAsync("UPDATE OrleansQuery SET QueryText = 'SELECT 1' WHERE QueryKey = 'ReadFromStorageKey'");
        await OrleansDatabase.ApplyAsync(database.ConnectionString, OrleansDatabase.Script);
        Assert.Equal(before, await database.ColumnAsync<string>(Fingerprint));
    }

    [Fact]
    public async Task Apply_BySixAtOnceOnAnEmptyDatabase_AllSucceed()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var database = new OrleansDatabase();
            await database.InitializeEmptyAsync();
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
                () => OrleansDatabase.ApplyAsync(database.ConnectionString, OrleansDatabase.Script))));
            Assert.Equal([21L], await database.ColumnAsync<long>("SELECT count(*) FROM OrleansQuery"));
        }
    }

    [Fact]
    public async Task Queries_AreThoseThatTheProvidersNeed()
    {
        await using var database = new OrleansDatabase();
        await database.InitializeAsync();
        var needed = KeysOf(typeof(Orleans.Configuration.AdoNetClusteringSiloOptions).Assembly)
            .Concat(KeysOf(typeof(Orleans.Configuration.AdoNetReminderTableOptions).Assembly))
            .Append("CleanupDefunctSiloEntryKey") // found by its name, and done without where it is missing
            .Concat(AdoNetGrainStorage.DefaultInitializationQuery.Split('\'').Where(word => word.EndsWith("Key", StringComparison.Ordinal)));
        Assert.Equal(needed.Order(StringComparer.Ordinal), await database.ColumnAsync<string>("SELECT QueryKey FROM OrleansQuery ORDER BY QueryKey COLLATE \"C\""));
    }

    // The providers themselves look for the keys by these properties' names, and refuse to start where one is missing.
    private static IEnumerable<string> KeysOf(Assembly provider) => provider.GetTypes()
        .Single(type => type.Name == "DbStoredQueries")
        .GetProperties(BindingFlags.Instance | BindingFlags.NonPublic)
        .Select(property => property.Name);
}
