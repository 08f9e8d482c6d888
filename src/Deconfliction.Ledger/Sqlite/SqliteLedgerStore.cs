using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>
/// Groups in SQLite: one writer, whose transaction is taken before anything is read (<c>BEGIN IMMEDIATE</c>), so that what the plan
/// decides on holds until the commit, whoever else has the file open.
/// </summary>
/// <remarks>
/// A group waits for its turn and for SQLite no longer than the options say, and is not broken off in the middle: the tokens
/// of its callers have no say here.
/// </remarks>
internal sealed class SqliteLedgerStore(SqliteDatabase database, LedgerOptions options) : ILedgerStore
{
    private static readonly string LoadSql = $"""
        SELECT i.id, i.version, i.hazard, i.crowd, {SqliteRows.ClaimColumns("c")}
        FROM identifier i LEFT JOIN claim c ON c.identifier_id = i.id AND c.end_reason = 0
        WHERE i.tag = ? LIMIT ?
        """;

    /// <inheritdoc/>
    public int MaximumWriters => 1;

    /// <inheritdoc/>
    public Task<AuditChain> OpenChainAsync(CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Prepare("SELECT coalesce(max(writer), 0) + 1 FROM audit_writer").TryFirst(static row => row.Long(), out var writer);
            var chain = new AuditChain(writer, options.AuditKey);
            var zeros = chain.Head.Span;
            session.Prepare("""
                INSERT INTO audit_writer (writer, opened_at, holder, base_number, base_hash, base_seal, head_number, head_hash, head_seal,
                  place_seal)
                VALUES (?, ?, ?, 0, ?, ?, 0, ?, ?, ?)
                """)
                .Bind(writer).Bind(database.ReadNow()).Bind(options.Holder)
                .Bind(zeros).Bind(AuditChain.Seal(options.AuditKey.Span, ChainEnd.Base, writer, 0, zeros))
                .Bind(zeros).Bind(chain.SealHead())
                .Bind(AuditChain.SealPlace(options.AuditKey.Span, writer, isLast: true))
                .Run();
            session.Prepare("UPDATE audit_writer SET place_seal = ? WHERE writer = ?")
                .Bind(AuditChain.SealPlace(options.AuditKey.Span, writer - 1, isLast: false)).Bind(writer - 1).Run();
            return chain;
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public Task<GroupOutcome> AppendGroupAsync(
        IReadOnlyList<GroupItem> group, AuditChain chain, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var now = database.ReadNow();
            var plan = new GroupPlan(group);
            var before = chain.Number;
            var rows = plan.Decide(Read(session, plan, options.LateAbove), chain, now);
            if (rows.HasRows)
            {
                new SqliteGroupWriter(session).Write(rows);
                MoveHead(session, chain, before);
            }

            return new GroupOutcome(rows.Outcomes, now);
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<IdentifierRecord> Records, DateTimeOffset Now)> LoadGroupAsync(
        IReadOnlyList<Tag> tags, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var statement = session.Prepare(LoadSql);
            var records = new IdentifierRecord[tags.Count];
            for (var i = 0; i < records.Length; i++)
            {
                records[i] = Load(statement, tags[i], options.LongAbove);
            }

            return ((IReadOnlyList<IdentifierRecord>)records, database.ReadNow());
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReadOnlyList<OverlapRecord>>> ListOverlapGroupAsync(
        IReadOnlyList<OverlapQuery> claims, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<OverlapRecord>>>(
            session => [.. claims.Select(claim => SqliteLedgerRecords.ListOverlaps(session, claim))], CancellationToken.None);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReadOnlyList<FeedEntry>>> ReadFeedGroupAsync(
        IReadOnlyList<FeedQuery> feeds, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<FeedEntry>>>(
            session => [.. feeds.Select(feed => SqliteLedgerRecords.ReadFeed(session, feed))], CancellationToken.None);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReadOnlyList<Alert>>> ReadUnnumberedGroupAsync(
        IReadOnlyList<FeedQuery> agencies, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<Alert>>>(
            session => [.. agencies.Select(agency => SqliteLedgerRecords.ReadUnnumbered(session, agency))], CancellationToken.None);

    /// <inheritdoc/>
    public Task<IReadOnlyList<bool>> NumberGroupAsync(IReadOnlyList<Numbering> group, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var won = new bool[group.Count];
                for (var i = 0; i < won.Length; i++)
                {
                    session.Prepare("SAVEPOINT numbering").Run();
                    won[i] = Number(session, group[i]);
                    if (!won[i])
                    {
                        session.Prepare("ROLLBACK TO numbering").Run();
                    }

                    session.Prepare("RELEASE numbering").Run();
                }

                return (IReadOnlyList<bool>)won;
            },
            CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static IdentifierRecord Load(SqliteStatement statement, Tag tag, int longAbove)
    {
        statement.Bind(tag).Bind(longAbove + 1L);
        try
        {
            if (!statement.Step())
            {
                return IdentifierRecord.Absent(tag);
            }

            var (id, version, hazard, isCrowd) = (statement.Id(), statement.Long(), statement.TextOrNull(), statement.Bool());
            var live = new List<Claim>();
            for (var claim = SqliteRows.ClaimOrNull(statement); claim is not null;)
            {
                live.Add(claim);
                if (live.Count > longAbove || !statement.Step())
                {
                    break;
                }

                statement.Skip(4);
                claim = SqliteRows.Claim(statement);
            }

            if (live.Count > longAbove)
            {
                return new IdentifierRecord(tag, id, version, hazard, isCrowd, []) { IsLong = true };
            }

            live.Sort(static (left, right) => left.Id.CompareTo(right.Id));
            return new IdentifierRecord(tag, id, version, hazard, isCrowd, live);
        }
        finally
        {
            statement.Reset();
        }
    }

    private static GroupRead Read(SqliteSession session, GroupPlan plan, int lateAbove)
    {
        var read = new GroupRead();
        var identifiers = session.Prepare("SELECT id, version, hazard, crowd FROM identifier WHERE tag = ?");
        foreach (var tag in plan.Tags)
        {
            if (identifiers.Bind(tag).TryFirst(
                static row => new StoredIdentifier(row.Id(), row.Long(), row.TextOrNull(), row.Bool()), out var stored))
            {
                read.Identifiers.Add(tag, stored);
            }
        }

        var whole = session.Prepare(LoadSql);
        foreach (var tag in plan.LateTags)
        {
            if (Load(whole, tag, lateAbove) is { Version: > 0 } record)
            {
                read.Add(record);
            }
        }

        foreach (var key in plan.Requests)
        {
            if (SqliteAuditRecords.FindRequest(session, key) is { } request)
            {
                read.Requests.Add(key, request);
            }
        }

        return read;
    }

    private static void MoveHead(SqliteSession session, AuditChain chain, long before)
    {
        var moved = session.Prepare("""
            UPDATE audit_writer SET head_number = ?, head_hash = ?, head_seal = ? WHERE writer = ? AND head_number = ?
            """)
            .Bind(chain.Number).Bind(chain.Head.Span).Bind(chain.SealHead()).Bind(chain.Writer).Bind(before).Run();
        if (moved != 1)
        {
            throw new LedgerUnavailableException(
                $"Audit chain {chain.Writer} does not end where this process left it; nothing was written. Verify the audit record.");
        }
    }

    // The feed's head is the fence of the positions; each alert is its own.
    private static bool Number(SqliteSession session, Numbering numbering)
    {
        session.Prepare("INSERT INTO feed (agency, acknowledged, head, oldest_kept) VALUES (?, 0, 0, 1) ON CONFLICT DO NOTHING")
            .Bind(numbering.Agency).Run();
        var first = numbering.First;
        if (session.Prepare("UPDATE feed SET head = ? WHERE agency = ? AND head = ?")
            .Bind(first + numbering.AlertIds.Count - 1).Bind(numbering.Agency).Bind(first - 1).Run() != 1)
        {
            return false;
        }

        var statement = session.Prepare("UPDATE alert SET position = ? WHERE id = ? AND to_agency = ? AND position IS NULL");
        for (var i = 0; i < numbering.AlertIds.Count; i++)
        {
            if (statement.Bind(first + i).Bind(numbering.AlertIds[i]).Bind(numbering.Agency).Run() != 1)
            {
                return false;
            }
        }

        return true;
    }
}
