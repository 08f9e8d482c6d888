using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// One group of appends as one transaction of two round trips. The first asks: it begins, locks the identifiers that are to change
/// (in tag order), inserts those that are to be new, and looks the request ids up after that, so that what a lock waited for is
/// seen. The second writes what <see cref="GroupPlan"/> made of the answers, and commits.
/// </summary>
/// <remarks>
/// New identifiers go in with the question, at their first version: whether another writer had them first must be known before the
/// audit chain takes the entry. One whose append then loses (its request id was used) is taken out again by the second round trip.
/// A check reads without a lock: it is decided at the moment of that read, and a claim that commits after it comes after it.
/// </remarks>
internal sealed class PostgresAppends
{
    private readonly GroupPlan _plan;
    private readonly IReadOnlyList<GroupItem> _group;
    private readonly List<IdentifierRow> _candidates = [];
    private readonly List<Tag> _locked = [];
    private readonly List<Tag> _read = [];
    private readonly Dictionary<Tag, StoredIdentifier> _identifiers = [];
    private readonly Dictionary<RequestKey, RecordedRequest> _requests = [];
    private readonly HashSet<Guid> _inserted = [];
    private DateTimeOffset _now;

    private PostgresAppends(IReadOnlyList<GroupItem> group)
    {
        _group = group;
        _plan = new GroupPlan(group);
        SortTags();
    }

    /// <summary>Commits a group.</summary>
    public static async Task<GroupOutcome> RunAsync(
        PostgresWork work, IReadOnlyList<GroupItem> group, AuditChain chain, CancellationToken cancellationToken)
    {
        var append = new PostgresAppends(group);
        await append.AskAsync(work.Connection, cancellationToken);
        var before = chain.Number;
        var rows = append._plan.Decide(append._identifiers, append._requests, chain, append._now);
        await append.WriteAsync(work, rows, chain, before, cancellationToken);
        return new GroupOutcome(rows.Outcomes, append._now);
    }

    // A tag may be in a group more than once, with other expectations: it is locked if any append changes it.
    private void SortTags()
    {
        var wanted = new Dictionary<Tag, bool>();
        var absent = new Dictionary<Tag, Append>();
        foreach (var item in _group)
        {
            if (item.Append is not { } append)
            {
                continue;
            }

            if (append is { ChangesState: true, ExpectedVersion: 0 })
            {
                absent.TryAdd(append.Tag, append);
            }
            else
            {
                wanted[append.Tag] = append.ChangesState || (wanted.TryGetValue(append.Tag, out var locks) && locks);
            }
        }

        foreach (var tag in _plan.Tags)
        {
            if (wanted.TryGetValue(tag, out var isLocked))
            {
                (isLocked ? _locked : _read).Add(tag);
            }

            if (absent.TryGetValue(tag, out var append))
            {
                var row = new GroupRows { Outcomes = [] };
                AppendRows.AddIdentifier(row, append, stored: null);
                _candidates.AddRange(row.NewIdentifiers);
            }
        }
    }

    private async Task AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Begin));
        AddUnlessEmpty(batch, PostgresStatements.LockIdentifiers, PostgresTables.Tags, _locked);
        AddUnlessEmpty(batch, PostgresStatements.ReadIdentifiers, PostgresTables.Tags, _read);
        AddUnlessEmpty(batch, PostgresStatements.InsertAbsentIdentifiers, PostgresTables.Identifiers, _candidates);
        AddUnlessEmpty(batch, PostgresStatements.FindRequests, PostgresTables.Requests, [.. _plan.Requests]);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Now));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await ReadIdentifiersAsync(reader, _locked, cancellationToken);
        await ReadIdentifiersAsync(reader, _read, cancellationToken);
        await ReadInsertedAsync(reader, cancellationToken);
        await ReadRequestsAsync(reader, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        _now = PostgresRows.Time(reader, 0);
    }

    private async Task ReadIdentifiersAsync(NpgsqlDataReader reader, List<Tag> asked, CancellationToken cancellationToken)
    {
        if (asked.Count == 0)
        {
            return;
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            _identifiers[PostgresRows.Tag(reader, 0)] = new StoredIdentifier(
                reader.GetGuid(1), reader.GetInt64(2), PostgresRows.TextOrNull(reader, 3), reader.GetBoolean(4));
        }

        await reader.NextResultAsync(cancellationToken);
    }

    private async Task ReadInsertedAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_candidates.Count == 0)
        {
            return;
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            _inserted.Add(reader.GetGuid(0));
        }

        await reader.NextResultAsync(cancellationToken);
        foreach (var candidate in _candidates)
        {
            // Another writer has it, at a version that was not read: any but 0 makes the append stale.
            if (!_inserted.Contains(candidate.Id))
            {
                _identifiers.TryAdd(candidate.Tag, new StoredIdentifier(Guid.Empty, long.MaxValue, Hazard: null, IsCrowd: false));
            }
        }
    }

    private async Task ReadRequestsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_plan.Requests.Count == 0)
        {
            return;
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            var found = PostgresRecords.Request(reader);
            _requests[new RequestKey(found.Agency, found.RequestId)] = found;
        }

        await reader.NextResultAsync(cancellationToken);
    }

    private async Task WriteAsync(
        PostgresWork work, GroupRows rows, AuditChain chain, long before, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(work.Connection);
        AddIdentifiers(batch, rows);
        AddUnlessEmpty(batch, PostgresStatements.InsertClaims, PostgresTables.Claims, rows.NewClaims);
        AddUnlessEmpty(batch, PostgresStatements.UpdateClaims, PostgresTables.SealedChanges, rows.ChangedClaims);
        AddUnlessEmpty(batch, PostgresStatements.InsertOverlaps, PostgresTables.Overlaps, rows.NewOverlaps);
        AddUnlessEmpty(batch, PostgresStatements.UpdateOverlaps, PostgresTables.OverlapChanges, rows.ChangedOverlaps);
        AddUnlessEmpty(batch, PostgresStatements.InsertAlerts, PostgresTables.Alerts, Alerts(rows));
        AddExtras(batch, rows);
        AddUnlessEmpty(batch, PostgresStatements.InsertAudit, PostgresTables.Audit, rows.Audit);
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

    private void AddIdentifiers(NpgsqlBatch batch, GroupRows rows)
    {
        var wanted = rows.NewIdentifiers.ToHashSet();
        var there = _candidates.FindAll(row => _inserted.Contains(row.Id)).ToHashSet();
        AddUnlessEmpty(batch, PostgresStatements.RemoveIdentifiers, PostgresTables.Identifiers, [.. there.Except(wanted)]);
        AddUnlessEmpty(batch, PostgresStatements.InsertIdentifiers, PostgresTables.Identifiers, [.. wanted.Except(there)]);
        AddUnlessEmpty(batch, PostgresStatements.UpdateIdentifiers, PostgresTables.Versions, rows.ChangedIdentifiers);
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
            AddUnlessEmpty(batch, PostgresStatements.SaveAgencies, PostgresTables.Agencies, rows.Agencies);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.RemoveCertificates)
            {
                Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. rows.Agencies.Select(agency => agency.Id.Value)] } },
            });
            CertificateRow[] certificates =
                [.. rows.Agencies.SelectMany(agency => agency.Certificates.Select(one => new CertificateRow(agency.Id.Value, one)))];
            AddUnlessEmpty(batch, PostgresStatements.InsertCertificates, PostgresTables.Certificates, certificates);
        }

        AddUnlessEmpty(batch, PostgresStatements.AcknowledgeFeeds, PostgresTables.Acknowledgements, rows.Acknowledgements);
    }

    private static void AddUnlessEmpty<TRow>(
        NpgsqlBatch batch, string sql, PostgresColumns<TRow> columns, IReadOnlyList<TRow> rows)
    {
        if (rows.Count > 0)
        {
            batch.BatchCommands.Add(columns.Bind(sql, rows));
        }
    }
}
