using System.Runtime.InteropServices;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>
/// Where what lies in a snapshot: a header, then one column after the other, each from a multiple of 8 on; numbers little-endian. Rows are
/// ordered by agency, then by the window's effective start, then by the hash of the claim's key.
/// </summary>
internal readonly struct SnapshotLayout
{
    /// <summary>"DGSN".</summary>
    public const uint Magic = 0x4E534744;

    /// <summary>Of the layout. Another one is not read.</summary>
    public const int Format = 1;

    public const int ChecksumAt = 8;
    public const int LengthAt = 16;
    public const int TagAt = 24;
    public const int HistoryAt = 56;
    public const int IdentifierAt = 72;
    public const int VersionAt = 88;
    public const int TakenAt = 96;
    public const int CountAt = 104;
    public const int AgenciesAt = 108;
    public const int TextsAt = 112;
    public const int TextBytesAt = 116;
    public const int HeaderLength = 128;

    /// <summary>All that the checksum covers begins here.</summary>
    public const int CoveredFrom = LengthAt;

    public const byte HeldFlag = 1;
    public const byte AnnouncedFlag = 2;
    public const byte WindowFlag = 4;
    public const byte PortFlag = 8;

    /// <summary>For so many rows, agencies and texts; the length may be more than an array can have.</summary>
    public SnapshotLayout(int count, int agencies, int texts, int textBytes)
    {
        long at = HeaderLength;
        Ids = Take(ref at, count, 16);
        From = Take(ref at, count, 8);
        Until = Take(ref at, count, 8);
        Tolerance = Take(ref at, count, 8);
        Created = Take(ref at, count, 8);
        Expires = Take(ref at, count, 8);
        KeyHash = Take(ref at, count, 4);
        Port = Take(ref at, count, 4);
        Revision = Take(ref at, count, 4);
        RuleVersion = Take(ref at, count, 4);
        Case = Take(ref at, count, 4);
        RequestedBy = Take(ref at, count, 4);
        ById = Take(ref at, count, 4);
        ByExpiry = Take(ref at, count, 4);
        ByAge = Take(ref at, count, 4);
        Role = Take(ref at, count, 1);
        Priority = Take(ref at, count, 1);
        Handling = Take(ref at, count, 1);
        Disclosure = Take(ref at, count, 1);
        Flags = Take(ref at, count, 1);
        AgencyStarts = Take(ref at, agencies + 1L, 4);
        AgencyNames = Take(ref at, agencies, 4);
        TextStarts = Take(ref at, texts + 1L, 4);
        Text = Take(ref at, textBytes, 1);
        Length = at;
    }

    public long Ids { get; }

    public long From { get; }

    public long Until { get; }

    public long Tolerance { get; }

    public long Created { get; }

    public long Expires { get; }

    public long KeyHash { get; }

    public long Port { get; }

    public long Revision { get; }

    public long RuleVersion { get; }

    public long Case { get; }

    public long RequestedBy { get; }

    /// <summary>Rows in the order of their numbers.</summary>
    public long ById { get; }

    /// <summary>Rows in the order of their expiry.</summary>
    public long ByExpiry { get; }

    /// <summary>The rows of each agency, oldest first, in the agency's place.</summary>
    public long ByAge { get; }

    public long Role { get; }

    public long Priority { get; }

    public long Handling { get; }

    public long Disclosure { get; }

    public long Flags { get; }

    public long AgencyStarts { get; }

    public long AgencyNames { get; }

    public long TextStarts { get; }

    public long Text { get; }

    /// <summary>Of the whole.</summary>
    public long Length { get; }

    /// <summary>A column of so many values from a place on.</summary>
    public static Span<T> Column<T>(Span<byte> bytes, long at, int count)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(bytes[(int)at..])[..count];

    private static long Take(ref long at, long count, int width)
    {
        var place = at;
        at += ((count * width) + 7) & ~7L;
        return place;
    }
}
