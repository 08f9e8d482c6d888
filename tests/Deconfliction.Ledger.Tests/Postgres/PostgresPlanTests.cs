using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Deconfliction.Ledger.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>Plans hold on an empty, a small and a huge table alike (DESIGN.md, section 8).</summary>
public sealed class PostgresPlanTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Lookups => new(
        nameof(PostgresStatements.ReadIdentifiers),
        nameof(PostgresStatements.FindRequests),
        nameof(PostgresStatements.Load),
        nameof(PostgresStatements.LoadLate),
        nameof(PostgresStatements.OverlapsOfClaims),
        nameof(PostgresStatements.UpdateIdentifiers),
        nameof(PostgresStatements.UpdateClaims),
        nameof(PostgresStatements.UpdateOverlaps),
        nameof(PostgresStatements.InsertAlerts),
        nameof(PostgresFeeds.ReadFeeds),
        nameof(PostgresFeeds.ReadUnnumbered),
        nameof(PostgresNumbering.FindUnnumbered),
        nameof(PostgresNumbering.SetPositions));

    [Theory]
    [MemberData(nameof(Lookups))]
    public async Task Statement_OnAnEmptyTable_FetchesByIndex(string statement)
    {
        var store = await PostgresTestStore.CreateAsync();
        await using var ledger = await store.OpenAsync(TestStore.Options);
        await using var database = new PostgresDatabase(store.ConnectionString, TestStore.Options);
        await using var connection = await database.Appends.OpenConnectionAsync();

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Explain(statement) } };
        await using var reader = await batch.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        Assert.Contains(plan, line => line.Contains("Index Cond", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("hashed", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Groups_AfterTheTablesHaveGrownUnseen_ScanNoTable()
    {
        const int Rows = 20_000;
        var store = await PostgresTestStore.CreateAsync();
        await using (var ledger = await store.OpenAsync(TestStore.Options with { WritersPerLane = 1 }))
        {
            foreach (var table in (string[])["identifier", "claim", "audit"])
            {
                await store.ExecuteAsync($"ALTER TABLE {table} SET (autovacuum_enabled = off)");
            }

            // Plans are made, and would be kept, on tables that hold next to nothing and are known to.
            await ClaimAsync(ledger, 20);
            await store.ExecuteAsync("VACUUM ANALYZE");
            await ClaimAsync(ledger, 20);
            await store.ExecuteAsync($"""
                INSERT INTO identifier SELECT gen_random_uuid(), sha256(i::text::bytea), 1, 1, NULL, false FROM generate_series(1, {Rows}) i;
                INSERT INTO claim SELECT (jsonb_populate_record(one.c, jsonb_build_object('id', gen_random_uuid(), 'identifier_id', i.id))).*
                  FROM identifier i, (SELECT c FROM claim c LIMIT 1) one;
                INSERT INTO audit SELECT (jsonb_populate_record(one.a, jsonb_build_object('writer', 1000, 'number', i, 'request_id', gen_random_uuid()))).*
                  FROM generate_series(1, {Rows}) i, (SELECT a FROM audit a LIMIT 1) one;
                """);
            await store.ExecuteAsync("SELECT pg_stat_reset()");
            await ClaimAsync(ledger, 50);
        }

        // Sessions have ended, and so have handed in what they counted.
        var read = await store.ReadAsync(
            "SELECT coalesce(sum(seq_tup_read), 0)::bigint FROM pg_stat_user_tables WHERE relname IN ('identifier', 'claim', 'audit')");
        Assert.InRange((long)read!, 0, Rows - 1);
    }

    // Each claim is loaded, made, loaded again, changed, and met by another's that is decided late, with a request id.
    private static async Task ClaimAsync(ILedger ledger, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var tag = Facts.NewTag();
            var id = Guid.CreateVersion7();
            await ledger.LoadAsync(tag, Lane.Interactive, None);
            var claim = Facts.Claim(Facts.Alpha, ledger.Now);
            await AppendAsync(ledger, tag, id, 0, new IdentifierEvent.ClaimMade(claim));
            Assert.Single((await ledger.LoadAsync(tag, Lane.Interactive, None)).Live);
            await AppendAsync(ledger, tag, id, 1, new IdentifierEvent.ClaimChanged(claim with { Revision = 2 }));
            await DecideAsync(ledger, tag);
        }
    }

    private static async Task AppendAsync(ILedger ledger, Tag tag, Guid id, long version, IdentifierEvent fact) =>
        Assert.IsType<AppendOutcome.Committed>(await ledger.AppendAsync(
            Facts.Append(tag, id, version, Facts.Draft(Facts.Alpha, requestId: Guid.NewGuid()), fact), Lane.Interactive, None));

    private static NpgsqlBatchCommand Load(Tag[] tags)
    {
        var command = PostgresTables.Tags.Bind("EXPLAIN " + PostgresStatements.Load, tags);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 1_001 });
        return command;
    }

    private static async Task DecideAsync(ILedger ledger, Tag tag)
    {
        var request = Guid.NewGuid();
        Assert.IsType<AppendOutcome.Committed>(await ledger.DecideAsync(
            new LateAppend
            {
                Tag = tag,
                KeyId = 1,
                NewIdentifierId = Guid.CreateVersion7(),
                Agency = Facts.Beta,
                RequestId = request,
                Decide = (record, now) => Facts.Append(
                    tag, record.Id, record.Version, Facts.Draft(Facts.Beta, requestId: request),
                    new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Beta, now))),
            },
            Lane.Interactive,
            None));
    }

    private static NpgsqlBatchCommand Explain(string statement)
    {
        Tag[] tags = [Facts.NewTag(), Facts.NewTag()];
        var claim = Facts.Claim(Facts.Alpha, DateTimeOffset.UnixEpoch);
        var overlap = Facts.Overlap(claim, claim, DateTimeOffset.UnixEpoch);
        return statement switch
        {
            nameof(PostgresStatements.ReadIdentifiers) => PostgresTables.Tags.Bind("EXPLAIN " + PostgresStatements.ReadIdentifiers, tags),
            nameof(PostgresStatements.Load) => Load(tags),
            nameof(PostgresStatements.LoadLate) => PostgresGroupReader.LoadLate(
                "EXPLAIN " + PostgresStatements.LoadLate, [.. tags.Select(tag => new LateRow(tag, Guid.Empty))], LateAppend.MaximumLive),
            nameof(PostgresStatements.FindRequests) => PostgresTables.Requests.Bind(
                "EXPLAIN " + PostgresStatements.FindRequests, [new RequestKey(Facts.Alpha, Guid.NewGuid())]),
            nameof(PostgresStatements.OverlapsOfClaims) => PostgresTables.ClaimsOfOverlaps.Bind(
                "EXPLAIN " + PostgresStatements.OverlapsOfClaims, [new OverlapQuery(Facts.Alpha, After: null, 10, OwnClaim: claim.Id)]),
            nameof(PostgresStatements.UpdateIdentifiers) => PostgresTables.Versions.Bind(
                "EXPLAIN " + PostgresStatements.UpdateIdentifiers, [new IdentifierRow(Guid.NewGuid(), tags[0], 1, 2, null, false)]),
            nameof(PostgresStatements.UpdateClaims) => PostgresTables.SealedChanges.Bind(
                "EXPLAIN " + PostgresStatements.UpdateClaims, [new ClaimRow(Guid.NewGuid(), claim, 1)]),
            nameof(PostgresStatements.UpdateOverlaps) => PostgresTables.OverlapChanges.Bind(
                "EXPLAIN " + PostgresStatements.UpdateOverlaps, [new OverlapRow(Guid.NewGuid(), overlap)]),
            nameof(PostgresStatements.InsertAlerts) => PostgresTables.Alerts.Bind(
                "EXPLAIN " + PostgresStatements.InsertAlerts,
                [new NewAlert(Facts.Alert(Facts.Alpha, DateTimeOffset.UnixEpoch) with { OverlapId = overlap.Id }, IsOfNewOverlap: true)]),
            nameof(PostgresFeeds.ReadFeeds) => PostgresTables.Feeds.Bind("EXPLAIN " + PostgresFeeds.ReadFeeds, [new FeedQuery(Facts.Alpha, 0, 10)]),
            nameof(PostgresFeeds.ReadUnnumbered) => PostgresTables.Feeds.Bind(
                "EXPLAIN " + PostgresFeeds.ReadUnnumbered, [new FeedQuery(Facts.Alpha, 0, 10)]),
            nameof(PostgresNumbering.SetPositions) => PostgresTables.Positions.Bind(
                "EXPLAIN " + PostgresNumbering.SetPositions, [new PositionRow(Guid.NewGuid(), 1)]),
            nameof(PostgresNumbering.FindUnnumbered) => new NpgsqlBatchCommand("EXPLAIN " + PostgresNumbering.FindUnnumbered)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid[]> { TypedValue = [Guid.NewGuid()], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                },
            },
            _ => throw new ArgumentException($"There is no statement {statement}.", nameof(statement)),
        };
    }
}
