using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// One group of appends as one transaction of two round trips: the first asks (<see cref="PostgresGroupReader"/>), the second writes what
/// <see cref="GroupPlan"/> made of the answers, and commits.
/// </summary>
internal static class PostgresAppends
{
    /// <summary>Commits a group.</summary>
    public static async Task<GroupOutcome> RunAsync(
        PostgresWork work, IReadOnlyList<GroupItem> group, AuditChain chain, RepeatedRequests repeats, int lateAbove,
        CancellationToken cancellationToken)
    {
        var plan = new GroupPlan(group);
        var reader = new PostgresGroupReader(group, plan, repeats.Expected(), lateAbove);
        await reader.RunAsync(work.Connection, cancellationToken);
        if (reader.Found.Requests.Count > 0)
        {
            repeats.Met();
        }

        var before = chain.Number;
        var rows = plan.Decide(reader.Found, chain, reader.Now);
        if (!reader.LookedRequestsUp && HasStaleRequest(group, rows))
        {
            // A request id wins over a stale version, and whether it was used before is not known.
            repeats.Met();
            throw new GroupConflictException("A version was stale, and its request id has not been looked up.");
        }

        try
        {
            await WriteAsync(work, rows, reader.Inserted, chain, before, cancellationToken);
        }
        catch (PostgresException problem)
        {
            repeats.Note(problem);
            throw;
        }

        return new GroupOutcome(rows.Outcomes, reader.Now);
    }

    private static bool HasStaleRequest(IReadOnlyList<GroupItem> group, GroupRows rows)
    {
        for (var i = 0; i < group.Count; i++)
        {
            if (rows.Outcomes[i] is AppendOutcome.Stale && group[i].Key is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task WriteAsync(
        PostgresWork work, GroupRows rows, IReadOnlyList<IdentifierRow> inserted, AuditChain chain, long before,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(work.Connection);
        AddIdentifiers(batch, rows, inserted);
        PostgresTables.Claims.AddTo(batch, PostgresStatements.InsertClaims, rows.NewClaims);
        PostgresTables.SealedChanges.AddTo(batch, PostgresStatements.UpdateClaims, rows.ChangedClaims);
        PostgresTables.Overlaps.AddTo(batch, PostgresStatements.InsertOverlaps, rows.NewOverlaps);
        PostgresTables.OverlapChanges.AddTo(batch, PostgresStatements.UpdateOverlaps, rows.ChangedOverlaps);
        PostgresTables.Alerts.AddTo(batch, PostgresStatements.InsertAlerts, Alerts(rows));
        AddExtras(batch, rows);
        PostgresTables.Audit.AddTo(batch, PostgresStatements.InsertAudit, rows.Audit);
        if (rows.HasRows)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.MoveHead)
            {
                Parameters =
                {
                    new NpgsqlParameter<long> { TypedValue = chain.Writer },
                    new NpgsqlParameter<long> { TypedValue = before },
                    new NpgsqlParameter<long> { TypedValue = chain.Number },
                    new NpgsqlParameter<byte[]> { TypedValue = chain.Head.ToArray() },
                    new NpgsqlParameter<byte[]> { TypedValue = chain.SealHead() },
                },
            });
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Commit));
        work.CommitSent = true;
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // What the question inserted is there already, but for a flag that the decision set.
    private static void AddIdentifiers(NpgsqlBatch batch, GroupRows rows, IReadOnlyList<IdentifierRow> inserted)
    {
        if (!rows.NewIdentifiers.SequenceEqual(inserted))
        {
            var there = inserted.ToHashSet();
            var missing = rows.NewIdentifiers.FindAll(row => !there.Remove(row));
            PostgresTables.Identifiers.AddTo(batch, PostgresStatements.RemoveIdentifiers, [.. there]);
            PostgresTables.Identifiers.AddTo(batch, PostgresStatements.InsertIdentifiers, missing);
        }

        PostgresTables.Versions.AddTo(batch, PostgresStatements.UpdateIdentifiers, rows.ChangedIdentifiers);
    }

    private static List<NewAlert> Alerts(GroupRows rows)
    {
        var overlaps = rows.NewOverlaps.Select(row => row.Overlap.Id).ToHashSet();
        return rows.Alerts.ConvertAll(alert => new NewAlert(alert, alert.OverlapId is { } id && overlaps.Contains(id)));
    }

    private static void AddExtras(NpgsqlBatch batch, GroupRows rows)
    {
        if (rows.Agencies.Count > 0)
        {
            PostgresTables.Agencies.AddTo(batch, PostgresStatements.SaveAgencies, rows.Agencies);
            CertificateRow[] certificates =
                [.. rows.Agencies.SelectMany(agency => agency.Certificates.Select(one => new CertificateRow(agency.Id.Value, one)))];
            PostgresTables.Certificates.AddTo(batch, PostgresStatements.InsertCertificates, certificates);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.RevokeCertificates)
            {
                Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. rows.Agencies.Select(agency => agency.Id.Value)] } },
            });
        }

        PostgresTables.Acknowledgements.AddTo(batch, PostgresStatements.AcknowledgeFeeds, rows.Acknowledgements);
    }
}
