using System.Security.Cryptography;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.LoadTests.Setup;

/// <summary>Fills a store through the ledger: live claims, each on an identifier of its own, each with its audit entry.</summary>
internal static class LedgerFill
{
    private const int Writers = 2_048;
    private const int SealedBytes = 160; // As the gateway seals a SHA-256 value with nothing else.
    private static readonly byte[] s_hash = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
    private static readonly TimeSpan s_life = TimeSpan.FromDays(180);

    /// <summary>Fills it. No server may hold the store meanwhile.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="claims">How many.</param>
    /// <param name="written">Told of each that is durable.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(string connection, int claims, Action written, CancellationToken cancellationToken)
    {
        var options = new LedgerOptions { AuditKey = new byte[32] };
        await using var ledger = await LedgerFactory.OpenPostgresAsync(connection, options, NullLoggerFactory.Instance, cancellationToken);
        var ids = new UuidV7Source();
        var owner = AgencyId.Parse("owner");
        var box = RandomNumberGenerator.GetBytes(SealedBytes);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number < claims)
                {
                    var outcome = await ledger.AppendAsync(AppendOf(number, owner, box, ledger.Now, ids), Lane.Bulk, cancellationToken);
                    if (outcome is not AppendOutcome.Committed)
                    {
                        throw new InvalidOperationException($"The ledger did not take claim {number}: {outcome.GetType().Name}.");
                    }

                    written();
                }
            },
            cancellationToken)));
    }

    private static Append AppendOf(int number, AgencyId owner, byte[] box, DateTimeOffset now, UuidV7Source ids)
    {
        var tag = new Tag(Convert.FromHexString(GeneratedValues.Sha256(number)));
        var claim = new Claim
        {
            Id = ids.Next(now), Agency = owner, Role = AgencyRole.LawEnforcement, Case = $"CASE-{number / 1_000:000000}", RequestedBy = "officer-7", Sealed = box,
            CreatedAt = now, ExpiresAt = now + s_life,
        };
        return new Append
        {
            Tag = tag, KeyId = 1, ExpectedVersion = 0, IdentifierId = ids.Next(now), Events = [new IdentifierEvent.ClaimMade(claim)], ChangesState = true,
            Audit = new AuditDraft
            {
                Agency = owner, Certificate = "01ab", RequestedBy = "officer-7", Operation = Operation.Claim, Tag = tag, RequestId = Guid.CreateVersion7(), PayloadHash = s_hash,
            },
        };
    }
}
