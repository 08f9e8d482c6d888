using Deconfliction.Ledger.Auditing;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>Opening, following and shortening of audit chains.</summary>
internal static class PostgresAudit
{
    // "dcga": one node at a time takes the next writer's number.
    private const long LockKey = 0x64636761;
    private const int PageSize = 2_000;

    /// <summary>Opens a chain under the next number.</summary>
    public static async Task<AuditChain> OpenChainAsync(PostgresWork work, LedgerOptions options, CancellationToken cancellationToken)
    {
        var connection = work.Connection;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await PostgresQuery.Of(q => $"SELECT pg_advisory_xact_lock({q.Value(LockKey)})").RunAsync(connection, cancellationToken);
        var writer = await PostgresQuery.Of(_ => "SELECT coalesce(max(writer), 0) + 1 FROM audit_writer")
            .FirstAsync(connection, row => row.GetInt64(0), cancellationToken);
        var chain = new AuditChain(writer, options.AuditKey);
        var zeros = chain.Head.ToArray();
        await PostgresQuery.Of(q =>
        {
            var (none, number) = (q.Value(zeros), q.Value(writer));
            return "INSERT INTO audit_writer (writer, opened_at, holder, base_number, base_hash, base_seal, head_number, head_hash, "
                + $"head_seal, place_seal) VALUES ({number}, clock_timestamp(), {q.Value(options.Holder)}, 0, {none}, "
                + $"{q.Value(AuditChain.Seal(options.AuditKey.Span, ChainEnd.Base, writer, 0, zeros))}, 0, {none}, "
                + $"{q.Value(chain.SealHead())}, {q.Value(AuditChain.SealPlace(options.AuditKey.Span, writer, isLast: true))})";
        }).RunAsync(connection, cancellationToken);
        var followed = AuditChain.SealPlace(options.AuditKey.Span, writer - 1, isLast: false);
        await PostgresQuery.Of(q => $"UPDATE audit_writer SET place_seal = {q.Value(followed)} WHERE writer = {q.Value(writer - 1)}")
            .RunAsync(connection, cancellationToken);

        // Not an unknown outcome: a chain that was opened and is not used stays empty, and harms nothing.
        await transaction.CommitAsync(cancellationToken);
        return chain;
    }

    /// <summary>Follows all chains in one snapshot; memory does not grow with the record.</summary>
    public static async Task<AuditVerification> VerifyAsync(
        NpgsqlConnection connection, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var verifier = new AuditVerifier(key);
        var writers = await PostgresQuery.Of(_ =>
            "SELECT writer, base_number, base_hash, base_seal, head_number, head_hash, head_seal, place_seal "
            + "FROM audit_writer ORDER BY writer")
            .ToListAsync(connection, Writer, cancellationToken);
        foreach (var writer in writers)
        {
            verifier.BeginWriter(writer);
            await VerifyAsync(connection, verifier, writer.Writer, cancellationToken);
            verifier.EndWriter();
            if (verifier.HasFailed)
            {
                break;
            }
        }

        var (highest, hasIdentifiers) = await PostgresQuery.Of(_ =>
            "SELECT (SELECT coalesce(max(writer), 0) FROM audit), EXISTS (SELECT FROM identifier)")
            .FirstAsync(connection, row => (row.GetInt64(0), row.GetBoolean(1)), cancellationToken);
        verifier.End(highest, hasIdentifiers);
        await transaction.CommitAsync(cancellationToken);
        return verifier.Result;
    }

    // Page by page: a chain that is found bad early is not read to its end.
    private static async Task VerifyAsync(
        NpgsqlConnection connection, AuditVerifier verifier, long writer, CancellationToken cancellationToken)
    {
        var last = long.MinValue;
        for (var isDone = false; !isDone && !verifier.HasFailed;)
        {
            var after = last;
            var numbers = await PostgresQuery.Of(q => $"SELECT {PostgresRows.AuditColumns("e")} FROM audit e "
                + $"WHERE e.writer = {q.Value(writer)} AND e.number > {q.Value(after)} ORDER BY e.number LIMIT {q.Value(PageSize)}")
                .ToListAsync(connection, row => Read(row, verifier), cancellationToken);
            isDone = numbers.Count < PageSize;
            last = isDone ? last : numbers[^1];
        }
    }

    // What somebody wrote into the table by hand need not be an entry at all.
    private static long Read(NpgsqlDataReader row, AuditVerifier verifier)
    {
        var number = row.GetInt64(1);
        AuditEntry entry;
        try
        {
            entry = PostgresRows.AuditEntry(row, 0);
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or OverflowException)
        {
            verifier.Unreadable();
            return number;
        }

        verifier.Read(entry);
        return number;
    }

    internal static AuditWriterRow Writer(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), PostgresRows.Bytes(row, 2), PostgresRows.Bytes(row, 3), row.GetInt64(4),
        PostgresRows.Bytes(row, 5), PostgresRows.Bytes(row, 6), PostgresRows.Bytes(row, 7));
}
