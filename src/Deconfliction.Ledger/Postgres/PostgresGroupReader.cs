using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Claims;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// The first round trip of a group: it begins, locks the identifiers that are to change, in tag order, and inserts those of them that are
/// not there; reads their versions, and whole those that are decided on here; and, where repeats are to be expected, looks the request ids
/// up after that, so that what a lock waited for is seen.
/// </summary>
/// <remarks>
/// One statement locks and inserts, so that all groups take identifiers in one order and none waits for another that waits for it. New
/// identifiers go in with the question, at their first version: whether another writer had them first must be known before the audit chain
/// takes the entry. One whose append then loses (its request id was used, or it is not new after all) is taken out again by the second
/// round trip. A check reads without a lock: it is decided at the moment of that read, and a claim that commits after it comes after it.
/// What is read is read by statements of their own after the locks: their snapshots have what the locks waited for.
/// </remarks>
internal sealed class PostgresGroupReader
{
    private readonly IReadOnlyList<GroupItem> _group;
    private readonly List<IdentifierRow> _candidates = [];
    private readonly List<Tag> _read = [];
    private readonly List<LateRow> _late = [];
    private readonly RequestKey[] _requests;
    private readonly int _lateAbove;
    private readonly HashSet<Guid> _inserted = [];

    public PostgresGroupReader(IReadOnlyList<GroupItem> group, GroupPlan plan, bool findsRequests, int lateAbove)
    {
        _group = group;
        _lateAbove = lateAbove;
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

    /// <summary>Identifiers that the question has inserted, in tag order: as a rule all that it might have.</summary>
    public IReadOnlyList<IdentifierRow> Inserted =>
        _inserted.Count == _candidates.Count ? _candidates : _candidates.FindAll(row => _inserted.Contains(row.Id));

    /// <summary>Runs it.</summary>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Begin));
        PostgresTables.Identifiers.AddTo(batch, PostgresStatements.LockOrInsertIdentifiers, _candidates);
        PostgresTables.Tags.AddTo(batch, PostgresStatements.ReadIdentifiers, _read);
        if (_late.Count > 0)
        {
            batch.BatchCommands.Add(LoadLate(PostgresStatements.LoadLate, _late, _lateAbove));
        }

        PostgresTables.Requests.AddTo(batch, PostgresStatements.FindRequests, _requests);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Now));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await ReadInsertedAsync(reader, cancellationToken);
        await ReadIdentifiersAsync(reader, cancellationToken);
        await ReadLateAsync(reader, cancellationToken);
        NoteOthers();
        await ReadRequestsAsync(reader, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Now = PostgresRows.Time(reader, 0);
    }

    /// <summary>The reading of identifiers that are decided on whole; one with more live claims than a limit says that it is long.</summary>
    public static NpgsqlBatchCommand LoadLate(string statement, IReadOnlyList<LateRow> rows, int lateAbove)
    {
        var command = PostgresTables.Late.Bind(statement, rows);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = lateAbove + 1L });
        return command;
    }

    // A tag may be in a group more than once, with other expectations: it is locked if any append changes it, and inserted at most once.
    private void SortTags()
    {
        var changing = new HashSet<Tag>();
        var read = new HashSet<Tag>();
        _late.EnsureCapacity(_group.Count);
        foreach (var item in _group)
        {
            if (item.Late is { } late)
            {
                _late.Add(new LateRow(late.Tag, late.NewIdentifierId));
                if (late.MayChange && changing.Add(late.Tag))
                {
                    _candidates.Add(new IdentifierRow(late.NewIdentifierId, late.Tag, late.KeyId, 1, Hazard: null, IsCrowd: false));
                }
            }
            else if (item.Append is { } append)
            {
                if (append.ChangesState && changing.Add(append.Tag))
                {
                    _candidates.Add(FirstVersion(append));
                }

                if (append is not { ChangesState: true, ExpectedVersion: 0 })
                {
                    read.Add(append.Tag);
                }
            }
        }

        _read.AddRange(read);
        _candidates.Sort(static (left, right) => left.Tag.CompareTo(right.Tag));
    }

    private static IdentifierRow FirstVersion(Append append)
    {
        var rows = new GroupRows { Outcomes = [] };
        AppendRows.AddIdentifier(rows, append, stored: null);
        return rows.NewIdentifiers[0];
    }

    private async Task ReadIdentifiersAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_read.Count == 0)
        {
            return;
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            // What this group itself has just inserted is not there yet.
            var id = reader.GetGuid(1);
            if (!_inserted.Contains(id))
            {
                Found.Identifiers[PostgresRows.Tag(reader, 0)] = new StoredIdentifier(
                    id, reader.GetInt64(2), PostgresRows.TextOrNull(reader, 3), reader.GetBoolean(4));
            }
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
    }

    // What was to be new and is there, at a version that nobody asked for: any but 0 makes the append stale.
    private void NoteOthers()
    {
        foreach (var candidate in _candidates)
        {
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
                Found.Add(PostgresRows.Whole(record, record.Tag, _lateAbove));
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
