using Npgsql;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>
/// The table of those who keep claims in one and nothing else: no audit record, no request ids, no overlaps, no alerts, values in clear.
/// pgbench and the plain service have the same one, each in a database of its own.
/// </summary>
internal static class PlainTable
{
    // A number as the primary key, and what makes a claim unique; the second index also finds the claims on an identifier.
    private const string Create =
        """
        CREATE TABLE claim (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          kind text NOT NULL,
          value text NOT NULL,
          agency text NOT NULL,
          case_ref text NOT NULL,
          requested_by text NOT NULL,
          created_at timestamptz NOT NULL,
          expires_at timestamptz NOT NULL,
          UNIQUE (kind, value, agency, case_ref)
        )
        """;

    // Scattered, as hashes are: the key of number n of the filled ones. Filled up with what is no digit, so that no two are the same.
    private const string Fill =
        """
        INSERT INTO claim (kind, value, agency, case_ref, requested_by, created_at, expires_at)
        SELECT 'sha256', rpad(to_hex(n * 2654435761), 64, 'x'), 'owner', 'LOAD-1', 'officer-7', now(), now() + interval '180 days'
        FROM generate_series(1::bigint, $1) AS n
        """;

    /// <summary>pgbench's claim: the same two statements as the plain service's.</summary>
    public const string ClaimScript =
        """
        \set n random(1, 9000000000000000000)
        BEGIN;
        SELECT agency, case_ref FROM claim WHERE kind = 'sha256' AND value = rpad(to_hex(:n::bigint), 64, 'x') AND agency <> 'caller' AND expires_at > now();
        INSERT INTO claim (kind, value, agency, case_ref, requested_by, created_at, expires_at) VALUES ('sha256', rpad(to_hex(:n::bigint), 64, 'x'), 'caller', 'LOAD-1', 'officer-7', now(), now() + interval '180 days') ON CONFLICT (kind, value, agency, case_ref) DO NOTHING RETURNING id;
        COMMIT;
        """;

    /// <summary>pgbench's look-up by key, which finds one row and records nothing.</summary>
    public static string SelectScript(int filled) =>
        $"""
        \set n random(1, {filled})
        SELECT agency, case_ref FROM claim WHERE kind = 'sha256' AND value = rpad(to_hex(:n::bigint * 2654435761), 64, 'x') AND agency <> 'caller' AND expires_at > now();
        """;

    /// <summary>Makes it, with so many claims in it.</summary>
    public static async Task CreateAsync(string connection, int filled, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using (var create = database.CreateCommand(Create))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        if (filled > 0)
        {
            await using var fill = database.CreateCommand(Fill);
            fill.Parameters.Add(new NpgsqlParameter<long> { TypedValue = filled });
            await fill.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var settle = database.CreateCommand("VACUUM ANALYZE claim");
        await settle.ExecuteNonQueryAsync(cancellationToken);
    }
}
