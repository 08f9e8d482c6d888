using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Grid;

/// <summary>An overlap that was committed, for whoever counts them; nothing of whose it is.</summary>
/// <param name="Id">Its reference.</param>
/// <param name="FoundAt">When.</param>
/// <param name="Kind">What the identifier is, where the claim that came says so.</param>
/// <param name="Strength">How sure.</param>
/// <param name="HasSilentSide">It counts in totals only.</param>
/// <param name="TimeToFlag">From the turn to the commit.</param>
public readonly record struct FoundOverlap(
    Guid Id, DateTimeOffset FoundAt, IdentifierKind? Kind, Strength Strength, bool HasSilentSide, TimeSpan TimeToFlag);
