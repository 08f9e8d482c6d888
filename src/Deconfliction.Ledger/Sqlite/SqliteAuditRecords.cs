using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>Reading the audit table, which is also the record of requests.</summary>
internal static class SqliteAuditRecords
{
    public static RecordedRequest? FindRequest(SqliteSession session, RequestKey key) => session.Prepare("""
        SELECT operation, payload_hash, subjects, result, at FROM audit WHERE agency = ? AND request_id = ?
        """)
        .Bind(key.Agency).Bind(key.RequestId).TryFirst(
            row => new RecordedRequest(
                key.Agency,
                key.RequestId,
                (Operation)row.Int(),
                row.Bytes().ToArray(),
                AuditBlobs.ToSubjects(row.Bytes()),
                row.Text(),
                row.Time()),
            out var request)
        ? request
        : null;

    public static List<AuditEntry> List(SqliteSession session, AuditQuery query)
    {
        var sql = $"""
            SELECT {SqliteRows.AuditColumns} FROM audit
            WHERE (at, writer, number) > (?1, ?2, ?3) AND at >= ?5 AND at < ?6
            {(query.Agency is null ? "" : "AND agency = ?7")} {(query.Case is null ? "" : "AND case_ref = ?8")}
            ORDER BY at, writer, number LIMIT ?4
            """;
        var after = query.After ?? new AuditCursor(DateTimeOffset.MinValue, 0, 0);
        var statement = session.Prepare(sql)
            .Bind(after.At).Bind(after.Writer).Bind(after.Number).Bind(query.Limit)
            .Bind(query.From ?? DateTimeOffset.MinValue).Bind(query.Until ?? DateTimeOffset.MaxValue);
        if (query.Agency is not null || query.Case is not null)
        {
            statement.Bind(query.Agency?.Value);
        }

        if (query.Case is not null)
        {
            statement.Bind(query.Case);
        }

        return statement.ToList(SqliteRows.Audit);
    }

    public static AuditVerification Verify(SqliteSession session, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var verifier = new AuditVerifier(key);
        var writers = session.Prepare("""
            SELECT writer, base_number, base_hash, base_seal, head_number, head_hash, head_seal, place_seal
            FROM audit_writer ORDER BY writer
            """)
            .ToList(static row => new AuditWriterRow(
                row.Long(), row.Long(), row.Bytes().ToArray(), row.Bytes().ToArray(), row.Long(), row.Bytes().ToArray(),
                row.Bytes().ToArray(), row.Bytes().ToArray()));
        foreach (var writer in writers)
        {
            Verify(session, verifier, writer, cancellationToken);
            if (verifier.HasFailed)
            {
                break;
            }
        }

        session.Prepare("SELECT coalesce(max(writer), 0) FROM audit").TryFirst(static row => row.Long(), out var highestWriter);
        session.Prepare("SELECT EXISTS (SELECT 1 FROM identifier)").TryFirst(static row => row.Bool(), out var hasIdentifiers);
        verifier.End(highestWriter, hasIdentifiers);
        return verifier.Result;
    }

    private static void Verify(
        SqliteSession session, AuditVerifier verifier, AuditWriterRow writer, CancellationToken cancellationToken)
    {
        verifier.BeginWriter(writer);
        var entries = session.Prepare($"SELECT {SqliteRows.AuditColumns} FROM audit WHERE writer = ? ORDER BY number").Bind(writer.Writer);
        try
        {
            while (!verifier.HasFailed && entries.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TryRead(entries, out var entry))
                {
                    verifier.Read(entry!);
                }
                else
                {
                    verifier.Unreadable();
                }
            }
        }
        finally
        {
            entries.Reset();
        }

        verifier.EndWriter();
    }

    // What somebody wrote into the table by hand need not be an entry at all.
    private static bool TryRead(SqliteStatement row, out AuditEntry? entry)
    {
        try
        {
            entry = SqliteRows.Audit(row);
            return true;
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or OverflowException)
        {
            entry = null;
            return false;
        }
    }
}
