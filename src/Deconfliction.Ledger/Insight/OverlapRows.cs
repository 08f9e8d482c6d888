using System.Buffers.Binary;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Ledger.Insight;

/// <summary>What both databases read of an overlap's progress, and what follows from it.</summary>
internal sealed record OverlapRow(
    Guid Id, bool AcknowledgedA, bool AcknowledgedB, bool IsResolved, string AgencyA, string AgencyB, Disclosure DisclosureA, Disclosure DisclosureB)
{
    // An overlap's alerts get their ids right after it, in the same decision; in a version 7 the millisecond comes first.
    private const int SpreadMilliseconds = 64;

    /// <summary>Whether a side is SILENT: such overlaps count in totals only.</summary>
    public bool IsSilent => DisclosureA == Disclosure.Silent || DisclosureB == Disclosure.Silent;

    /// <summary>Ids of its alerts lie from here on.</summary>
    public static Guid StartOfAlerts(Guid overlapId) => After(overlapId, 0);

    /// <summary>Ids of its alerts lie below this.</summary>
    public static Guid EndOfAlerts(Guid overlapId) => After(overlapId, SpreadMilliseconds);

    private static Guid After(Guid overlapId, int milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        overlapId.TryWriteBytes(bytes, bigEndian: true, out _);
        var time = BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16;
        BinaryPrimitives.WriteInt64BigEndian(bytes, (time + milliseconds) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    public OverlapProgress With(IReadOnlyList<AlertPlace> alerts) => OverlapProgress.Of(
        Id, IsResolved, Side(AcknowledgedA, AgencyA, alerts), Side(AcknowledgedB, AgencyB, alerts));

    private static SideProgress Side(bool isAcknowledged, string agency, IReadOnlyList<AlertPlace> alerts)
    {
        if (isAcknowledged)
        {
            return SideProgress.Acknowledged;
        }

        foreach (var alert in alerts)
        {
            if (string.Equals(alert.Agency, agency, StringComparison.Ordinal))
            {
                return alert.Position is not { } position ? SideProgress.Waiting
                    : position <= alert.FeedAcknowledged ? SideProgress.Received
                    : SideProgress.InFeed;
            }
        }

        return SideProgress.NotTold;
    }
}

/// <summary>Where an alert stands in its feed.</summary>
internal sealed record AlertPlace(string Agency, long? Position, long FeedAcknowledged);
