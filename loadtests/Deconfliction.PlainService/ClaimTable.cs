using Npgsql;

namespace Deconfliction.PlainService;

/// <summary>
/// The claims, in a table: one transaction a claim, with two statements that Npgsql prepares. The begin travels with the first of them, so
/// that a claim is three round trips.
/// </summary>
internal sealed class ClaimTable(NpgsqlDataSource database)
{
    private const string SelectMet =
        "SELECT agency, case_ref FROM claim WHERE kind = $1 AND value = $2 AND agency <> $3 AND expires_at > now()";

    private const string Insert =
        """
        INSERT INTO claim (kind, value, agency, case_ref, requested_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, now(), now() + interval '180 days')
        ON CONFLICT (kind, value, agency, case_ref) DO NOTHING RETURNING id
        """;

    /// <summary>Makes a claim.</summary>
    public async Task<MadeClaim> MakeAsync(NewClaim claim, string agency, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var met = await SelectAsync(connection, claim, agency, cancellationToken);
        await using var insert = new NpgsqlCommand(Insert, connection, transaction);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = claim.Kind });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = claim.Value });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = agency });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = claim.CaseReference });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = claim.RequestedBy });
        var id = (long?)await insert.ExecuteScalarAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MadeClaim(id, met);
    }

    private static async Task<IReadOnlyList<MetClaim>> SelectAsync(
        NpgsqlConnection connection, NewClaim claim, string agency, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectMet, connection);
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = claim.Kind });
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = claim.Value });
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = agency });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var met = new List<MetClaim>();
        while (await reader.ReadAsync(cancellationToken))
        {
            met.Add(new MetClaim(reader.GetString(0), reader.GetString(1)));
        }

        return met;
    }
}
