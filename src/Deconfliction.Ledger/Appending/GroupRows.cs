using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Appending;

/// <summary>An agency's request id.</summary>
internal readonly record struct RequestKey(AgencyId Agency, Guid RequestId) : IComparable<RequestKey>
{
    public int CompareTo(RequestKey other)
    {
        var order = Agency.CompareTo(other.Agency);
        return order != 0 ? order : RequestId.CompareTo(other.RequestId);
    }

    public static bool operator <(RequestKey left, RequestKey right) => left.CompareTo(right) < 0;

    public static bool operator >(RequestKey left, RequestKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(RequestKey left, RequestKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RequestKey left, RequestKey right) => left.CompareTo(right) >= 0;
}

/// <summary>An identifier as the group's transaction found it, under lock.</summary>
internal readonly record struct StoredIdentifier(Guid Id, long Version, string? Hazard, bool IsCrowd);

/// <summary>An identifier's row after the group.</summary>
internal readonly record struct IdentifierRow(Guid Id, Tag Tag, int KeyId, long Version, string? Hazard, bool IsCrowd);

/// <summary>A claim's row, as of a version of its identifier.</summary>
internal readonly record struct ClaimRow(Guid IdentifierId, Claim Claim, long Version);

/// <summary>An overlap's row.</summary>
internal readonly record struct OverlapRow(Guid IdentifierId, Overlap Overlap);

/// <summary>
/// What the winners of a group write, flat, so that a store only binds it. No row appears twice: what changes within one append
/// is folded into its last state, and a claim or overlap that is made and changed in one append is only new.
/// </summary>
internal sealed class GroupRows
{
    /// <summary>One for each item, in the group's order.</summary>
    public required IReadOnlyList<AppendOutcome> Outcomes { get; init; }

    /// <summary>Identifiers to insert, in tag order.</summary>
    public List<IdentifierRow> NewIdentifiers { get; } = [];

    /// <summary>Identifiers to update (version, hazard, crowd), in tag order. They hold version - 1 now.</summary>
    public List<IdentifierRow> ChangedIdentifiers { get; } = [];

    /// <summary>Claims to insert.</summary>
    public List<ClaimRow> NewClaims { get; } = [];

    /// <summary>Claims to update, changed or ended.</summary>
    public List<ClaimRow> ChangedClaims { get; } = [];

    /// <summary>Overlaps to insert, but for pairs that are there already (in either order).</summary>
    public List<OverlapRow> NewOverlaps { get; } = [];

    /// <summary>Overlaps to update.</summary>
    public List<OverlapRow> ChangedOverlaps { get; } = [];

    /// <summary>Alerts to insert, without position.</summary>
    public List<Alert> Alerts { get; } = [];

    /// <summary>Audit entries to insert, in the chain's order.</summary>
    public List<AuditEntry> Audit { get; } = [];

    /// <summary>Agencies to insert, or replace but for role and creation; one a row.</summary>
    public List<AgencyRecord> Agencies { get; } = [];

    /// <summary>Feeds whose acknowledged position moves forward (never back, never past the head); one a row.</summary>
    public List<AcknowledgedFeed> Acknowledgements { get; } = [];

    /// <summary>Whether there is anything to write: every winner writes at least its audit entry.</summary>
    public bool HasRows => Audit.Count > 0;

    /// <summary>
    /// Leaves out the alerts of overlaps that were not inserted, because their pair is there already under another id: it was
    /// announced then (I2).
    /// </summary>
    public void DropAlertsOf(IReadOnlySet<Guid> refusedOverlaps) =>
        Alerts.RemoveAll(alert => alert.OverlapId is { } id && refusedOverlaps.Contains(id));
}
