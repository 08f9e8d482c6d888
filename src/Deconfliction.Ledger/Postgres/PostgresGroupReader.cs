using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Claims;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// The first round trip of a group: it begins, locks the identifiers that are to change (in tag order), inserts those that are to be
/// new, reads those that are decided on whole, and, where repeats are to be expected, looks the request ids up after that, so that what a
/// lock waited for is seen.
/// </summary>
/// <remarks>
/// New identifiers go in with the question, at their first version: whether another writer had them first must be known before the
/// audit chain takes the entry. One whose append then loses (its request id was used, or it is not new after all) is taken out again by
/// the second round trip. A check reads without a lock: it is decided at the moment of that read, and a claim that commits after it comes
/// after it. What is decided on under a lock is read by a statement of its own after the locks: its snapshot has what they waited for.
/// </remarks>
internal sealed class PostgresGroupReader
{
    private readonly GroupPlan _plan;
    private readonly IReadOnlyList<GroupItem> _group;
    private readonly List<IdentifierRow> _candidates = [];
    private readonly List<Tag> _locked = [];
    private readonly List<Tag> _read = [];
    private readonly List<LateRow> _late = [];
    private readonly RequestKey[] _requests;
    private readonly HashSet<Guid> _inserted = [];

    public PostgresGroupReader(IReadOnlyList<GroupItem> group, GroupPlan plan, bool findsRequests)
    {
        _group = group;
        _plan = plan;
        LookedRequestsUp = findsRequests;
        _requests = findsRequests ? [.. plan.Requests] : [];
        SortTags();
    }

    /// <summary>What was read.</summary>
    public GroupRead Found { get; } = new();

    /// <summary>Whether request ids are among it.</summary>
    public bool LookedRequestsUp { get; }

    /// <summary>The transaction's time.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Identifiers that the question has inserted.</summary>
    public IEnumerable<IdentifierRow> Inserted => _candidates.Where(row => _inserted.Contains(row.Id));

    /// <summary>Runs it.</summary>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Begin));
        PostgresTables.Tags.AddTo(batch, PostgresStatements.LockIdentifiers, _locked);
        PostgresTables.Tags.AddTo(batch, PostgresStatements.ReadIdentifiers, _read);
        PostgresTables.Identifiers.AddTo(batch, PostgresStatements.InsertAbsentIdentifiers, _candidates);
        PostgresTables.Late.AddTo(batch, PostgresStatements.LoadLate, _late);
        PostgresTables.Requests.AddTo(batch, PostgresStatements.FindRequests, _requests);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Now));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await ReadIdentifiersAsync(reader, _locked, cancellationToken);
        await ReadIdentifiersAsync(reader, _read, cancellationToken);
        await ReadInsertedAsync(reader, cancellationToken);
        await ReadLateAsync(reader, cancellationToken);
        await ReadRequestsAsync(reader, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Now = PostgresRows.Time(reader, 0);
    }

    // A tag may be in a group more than once, with other expectations: it is locked if any append changes it.
    private void SortTags()
    {
        var wanted = new Dictionary<Tag, bool>();
        var absent = new Dictionary<Tag, IdentifierRow>();
        foreach (var item in _group)
        {
            if (item.Late is { } late)
            {
                _late.Add(new LateRow(late.Tag, late.NewIdentifierId));
                if (late.MayChange)
                {
                    wanted[late.Tag] = true;
                    absent.TryAdd(late.Tag, new IdentifierRow(late.NewIdentifierId, late.Tag, late.KeyId, 1, Hazard: null, IsCrowd: false));
                }
            }
            else if (item.Append is { ChangesState: true, ExpectedVersion: 0 } first)
            {
                absent.TryAdd(first.Tag, FirstVersion(first));
            }
            else if (item.Append is { } append)
            {
                wanted[append.Tag] = append.ChangesState || (wanted.TryGetValue(append.Tag, out var locks) && locks);
            }
        }

        foreach (var tag in _plan.Tags.Union(_plan.LateTags).Order())
        {
            if (wanted.TryGetValue(tag, out var isLocked))
            {
                (isLocked ? _locked : _read).Add(tag);
            }

            if (absent.TryGetValue(tag, out var row))
            {
                _candidates.Add(row);
            }
        }
    }

    private static IdentifierRow FirstVersion(Append append)
    {
        var rows = new GroupRows { Outcomes = [] };
        AppendRows.AddIdentifier(rows, append, stored: null);
        return rows.NewIdentifiers[0];
    }

    private async Task ReadIdentifiersAsync(NpgsqlDataReader reader, List<Tag> asked, CancellationToken cancellationToken)
    {
        if (asked.Count == 0)
        {
            return;
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            Found.Identifiers[PostgresRows.Tag(reader, 0)] = new StoredIdentifier(
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
            // Where it was not there to be locked, another writer has just made it, at a version that was not read: any but 0 makes the
            // append stale.
            if (!_inserted.Contains(candidate.Id))
            {
                Found.Identifiers.TryAdd(candidate.Tag, new StoredIdentifier(Guid.Empty, long.MaxValue, Hazard: null, IsCrowd: false));
            }
        }
    }

    private async Task ReadLateAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_late.Count == 0)
        {
            return;
        }

        var records = new IdentifierRecord?[_late.Count];
        while (await reader.ReadAsync(cancellationToken))
        {
            // What this group itself has just inserted is not there yet.
            if (!_inserted.Contains(reader.GetGuid(1)))
            {
                var place = checked((int)reader.GetInt64(0) - 1);
                PostgresRows.AddTo(ref records[place], _late[place].Tag, reader);
            }
        }

        await reader.NextResultAsync(cancellationToken);
        foreach (var record in records)
        {
            if (record is not null)
            {
                Found.Add(record);
            }
        }
    }

    private async Task ReadRequestsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_requests.Length == 0)
        {
            return;
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            var found = PostgresRecords.Request(reader);
            Found.Requests[new RequestKey(found.Agency, found.RequestId)] = found;
        }

        await reader.NextResultAsync(cancellationToken);
    }
}
