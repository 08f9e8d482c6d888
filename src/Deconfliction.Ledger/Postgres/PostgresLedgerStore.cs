using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Npgsql;
using NpgsqlTypes;

namespace Deconfliction.Ledger.Postgres;

/// <summary>Groups in PostgreSQL: appends and numberings as transactions of two round trips, loads as one round trip.</summary>
/// <remarks>
/// While another process holds the store that this one had to itself, neither is done: a decision that cannot be written need not
/// be made.
/// </remarks>
internal sealed class PostgresLedgerStore(PostgresDatabase database, PostgresStoreLock storeLock, LedgerOptions options) : ILedgerStore
{
    private readonly RepeatedRequests _repeats = new();

    /// <inheritdoc/>
    public int MaximumWriters => database.Writers;

    /// <inheritdoc/>
    public Task<AuditChain> OpenChainAsync(CancellationToken cancellationToken)
    {
        storeLock.ThrowIfTaken();
        return PostgresDatabase.RunAsync(
            database.Appends, (work, token) => PostgresAudit.OpenChainAsync(work, options, token), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<GroupOutcome> AppendGroupAsync(
        IReadOnlyList<GroupItem> group, AuditChain chain, CancellationToken cancellationToken)
    {
        storeLock.ThrowIfTaken();
        return PostgresDatabase.RunAsync(
            database.Appends, (work, token) => PostgresAppends.RunAsync(work, group, chain, _repeats, options.LateAbove, token), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<IdentifierRecord> Records, DateTimeOffset Now)> LoadGroupAsync(
        IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        storeLock.ThrowIfTaken();
        return PostgresDatabase.RunAsync(
            database.Loads, (work, token) => LoadAsync(work.Connection, tags, options.LongAbove, token), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReadOnlyList<OverlapRecord>>> ListOverlapGroupAsync(
        IReadOnlyList<OverlapQuery> claims, CancellationToken cancellationToken)
    {
        storeLock.ThrowIfTaken();
        return PostgresDatabase.RunAsync(
            database.Loads, (work, token) => ListOverlapsAsync(work.Connection, claims, token), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReadOnlyList<FeedEntry>>> ReadFeedGroupAsync(
        IReadOnlyList<FeedQuery> feeds, CancellationToken cancellationToken) => PostgresDatabase.RunAsync(
        database.Loads, (work, token) => PostgresFeeds.ReadFeedsAsync(work.Connection, feeds, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReadOnlyList<Alert>>> ReadUnnumberedGroupAsync(
        IReadOnlyList<FeedQuery> agencies, CancellationToken cancellationToken) => PostgresDatabase.RunAsync(
        database.Loads, (work, token) => PostgresFeeds.ReadUnnumberedAsync(work.Connection, agencies, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<bool>> NumberGroupAsync(IReadOnlyList<Numbering> group, CancellationToken cancellationToken)
    {
        storeLock.ThrowIfTaken();
        return PostgresDatabase.RunAsync(
            database.Numbering, (work, token) => PostgresNumbering.RunAsync(work, group, token), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await storeLock.DisposeAsync();
    }

    private static async Task<(IReadOnlyList<IdentifierRecord> Records, DateTimeOffset Now)> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<Tag> tags, int longAbove, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Now));
        if (tags.Count > 0)
        {
            byte[][] values = [.. tags.Select(tag => tag.ToArray())];
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Load)
            {
                Parameters =
                {
                    new NpgsqlParameter<byte[][]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                    new NpgsqlParameter<long> { TypedValue = longAbove + 1L },
                },
            });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var now = PostgresRows.Time(reader, 0);
        var records = new IdentifierRecord?[tags.Count];
        if (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var place = checked((int)reader.GetInt64(0) - 1);
                PostgresRows.AddTo(ref records[place], tags[place], reader);
            }
        }

        return ([.. records.Select((record, place) => PostgresRows.Whole(record, tags[place], longAbove))], now);
    }

    private static async Task<IReadOnlyList<IReadOnlyList<OverlapRecord>>> ListOverlapsAsync(
        NpgsqlConnection connection, IReadOnlyList<OverlapQuery> claims, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        PostgresTables.ClaimsOfOverlaps.AddTo(batch, PostgresStatements.OverlapsOfClaims, claims);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var found = new List<OverlapRecord>?[claims.Count];
        while (await reader.ReadAsync(cancellationToken))
        {
            (found[checked((int)reader.GetInt64(0) - 1)] ??= []).Add(PostgresRecords.Overlap(reader, 1));
        }

        return [.. found.Select(list => (IReadOnlyList<OverlapRecord>?)list ?? [])];
    }
}
