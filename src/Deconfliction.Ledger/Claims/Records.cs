using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Ledger.Claims;

/// <summary>What the ledger has of one identifier.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Id">Its surrogate id; empty where the ledger has none yet.</param>
/// <param name="Version">Its version; 0 where there is none yet.</param>
/// <param name="Hazard">Hazard reason.</param>
/// <param name="IsCrowd">Whether it is a crowd.</param>
/// <param name="Live">Claims that have not ended (some may be past their expiry: the decision ends them), by id.</param>
public sealed record IdentifierRecord(Tag Tag, Guid Id, long Version, string? Hazard, bool IsCrowd, IReadOnlyList<Claim> Live)
{
    /// <summary>
    /// It has more live claims than are read in a group, and <see cref="Live"/> has none of them: it is to be read by itself
    /// (<see cref="ILedger.LoadLongAsync"/>).
    /// </summary>
    public bool IsLong { get; init; }

    /// <summary>An identifier that the ledger has not.</summary>
    public static IdentifierRecord Absent(Tag tag) => new(tag, Guid.Empty, 0, Hazard: null, IsCrowd: false, []);
}

/// <summary>A claim and the identifier that it is on.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Tag">The identifier's tag.</param>
/// <param name="Hazard">The identifier's hazard reason now.</param>
/// <param name="IsCrowd">Whether the identifier is a crowd now.</param>
public sealed record OwnedClaim(Claim Claim, Tag Tag, string? Hazard, bool IsCrowd);

/// <summary>Which claims to list.</summary>
/// <param name="Agency">Whose.</param>
/// <param name="After">The last id of the page before.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Case">Only of this case.</param>
/// <param name="State">Only live (<see cref="EndReason.None"/>), released or expired ones.</param>
public sealed record ClaimQuery(AgencyId Agency, Guid? After, int Limit, string? Case = null, EndReason? State = null);

/// <summary>An overlap as one read has it.</summary>
/// <param name="View">The overlap and its claims.</param>
/// <param name="Tag">The identifier's tag.</param>
/// <param name="Version">The identifier's version at the same instant.</param>
public sealed record OverlapRecord(OverlapView View, Tag Tag, long Version);

/// <summary>Which overlaps to list.</summary>
/// <param name="Agency">A side of them.</param>
/// <param name="After">The last id of the page before.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="OwnClaim">Only of this claim of the agency.</param>
/// <param name="Case">Only of this case of the agency.</param>
/// <param name="FoundByOwnClaim">Only those in which the agency's claim was the one that came (what the claim was answered).</param>
/// <param name="OnlySeen">
/// Only those of which rule 2 shows the agency something. What it may not see is then passed over within the database, is never read,
/// and takes no read of its own however much of it there is.
/// </param>
/// <param name="SeenMoreAs">Only those in which either side sees more once the agency's own claim discloses this.</param>
public sealed record OverlapQuery(
    AgencyId Agency,
    Guid? After,
    int Limit,
    Guid? OwnClaim = null,
    string? Case = null,
    bool FoundByOwnClaim = false,
    bool OnlySeen = false,
    Disclosure? SeenMoreAs = null);

/// <summary>An identifier and one sealed part from which the gateway can read its value again.</summary>
/// <param name="Tag">The identifier's tag.</param>
/// <param name="Hazard">Its stored hazard reason.</param>
/// <param name="Claim">One of its live claims.</param>
public sealed record IdentifierSample(Tag Tag, string? Hazard, Claim Claim);
