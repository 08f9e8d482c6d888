using System.Security.Cryptography;
using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.LoadTests.Setup;

/// <summary>
/// Addresses with many claims of 20 agencies. A window of half an hour each hour holds ten claims, of ten agencies and with ten source
/// ports, so that they do not meet each other; a claim with that window and no port meets exactly those ten.
/// </summary>
internal static class LongIdentifiers
{
    /// <summary>How many claims a new one meets.</summary>
    public const int Met = 10;

    private const int Agencies = 20;
    private const int ClaimsAnAppend = 500;
    private const int SealedLength = 220;
    private const int FirstPort = 1000;
    private static readonly DateTimeOffset s_start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The tag of an identifier of so many claims.</summary>
    public static TagKey Key(int claims) => new(new Tag(SHA256.HashData(Encoding.UTF8.GetBytes($"hot {claims}"))), 1);

    /// <summary>The window of the claims from ten times its number on.</summary>
    public static Window Window(int number) => new(s_start.AddHours(number), s_start.AddHours(number + 0.5), TimeSpan.Zero);

    /// <summary>A claim as the gateway drafts it.</summary>
    public static Claim Draft(AgencyId agency, string caseReference, Window window, int? port, DateTimeOffset now, IIdSource ids) => new()
    {
        Id = ids.Next(now),
        Agency = agency,
        Role = AgencyRole.LawEnforcement,
        Case = caseReference,
        RequestedBy = "officer-7",
        Window = window,
        Port = port,
        Sealed = RandomNumberGenerator.GetBytes(SealedLength),
    };

    /// <summary>Writes so many claims into the ledger, some hundred a commit.</summary>
    public static async Task FillAsync(ILedger ledger, int claims, IIdSource ids, CancellationToken cancellationToken)
    {
        var identifier = ids.Next(ledger.Now);
        for (var (first, version) = (0, 0L); first < claims; first += ClaimsAnAppend, version++)
        {
            var now = ledger.Now;
            var facts = Enumerable.Range(first, Math.Min(ClaimsAnAppend, claims - first))
                .Select(number => (IdentifierEvent)new IdentifierEvent.ClaimMade(Number(number, now, ids))).ToList();
            var outcome = await ledger.AppendAsync(
                new Append
                {
                    Tag = Key(claims).Tag,
                    KeyId = 1,
                    ExpectedVersion = version,
                    IdentifierId = identifier,
                    Events = facts,
                    Audit = new AuditDraft
                    {
                        Agency = Agency(0), Certificate = "01ab", RequestedBy = "officer-7", Operation = Operation.Claim, Tag = Key(claims).Tag,
                    },
                    ChangesState = true,
                },
                Lane.Bulk,
                cancellationToken);
            if (outcome is not AppendOutcome.Committed)
            {
                throw new InvalidOperationException($"The ledger did not take the claims from {first} on: {outcome.GetType().Name}.");
            }
        }
    }

    private static AgencyId Agency(int number) => AgencyId.Parse($"agency-{number:00}");

    private static Claim Number(int number, DateTimeOffset now, IIdSource ids) =>
        Draft(Agency(number % Agencies), $"CASE-{number / 100:000000}", Window(number / Met), FirstPort + (number % Met), now, ids) with
        {
            CreatedAt = now,
            ExpiresAt = now.AddDays(180),
        };
}
