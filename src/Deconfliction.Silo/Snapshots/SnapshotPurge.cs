using System.Reflection;
using Npgsql;

namespace Deconfliction.Silo.Snapshots;

/// <summary>
/// Removes snapshots of long identifiers that may hold what the ledger has purged (ADR 0015). Orleans' storage knows no age and no way to
/// list what it has, so this goes to its table, by the project's own script.
/// </summary>
internal sealed class SnapshotPurge(NpgsqlDataSource source, string service)
{
    private const int RowsAtOnce = 64;
    private const int StepsAtOnce = 1_000;
    private static readonly Lazy<string> s_script = new(ReadScript);

    /// <summary>Removes those written before a moment; how many rows went. What is left over goes with the next purge.</summary>
    public async Task<int> RunAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        var total = 0;
        for (var step = 0; step < StepsAtOnce; step++)
        {
            await using var command = source.CreateCommand(s_script.Value);
            command.Parameters.AddWithValue("ServiceId", service);
            command.Parameters.AddWithValue("EndedBefore", endedBefore.UtcDateTime);
            command.Parameters.AddWithValue("Limit", RowsAtOnce);
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            total += rows;
            if (rows < RowsAtOnce)
            {
                break;
            }
        }

        return total;
    }

    private static string ReadScript()
    {
        using var script = Assembly.GetExecutingAssembly().GetManifestResourceStream("purge-snapshots.sql")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
