using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>
/// A snapshot's claims, which never change. They stay the bytes that they came as, and become records one by one as a decision asks for
/// them: a hundred thousand are ten megabytes and not a hundred, and are there as soon as the bytes are.
/// </summary>
internal sealed class FrozenClaims
{
    // Rows are passed over by blocks none of whose claims ends late enough: 1,600 comparisons for 100,000 claims.
    private const int Block = 64;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly SnapshotLayout _layout;
    private readonly int _texts;
    private readonly long[] _latestEnd;
    private readonly int[] _countable;

    /// <summary>Over bytes that were found sound.</summary>
    public FrozenClaims(ReadOnlyMemory<byte> bytes, in SnapshotShape shape)
    {
        _bytes = bytes;
        _layout = shape.Layout;
        _texts = shape.Texts;
        Count = shape.Count;
        Agencies = new AgencyId[shape.Agencies];
        for (var i = 0; i < Agencies.Length; i++)
        {
            Agencies[i] = AgencyId.Parse(Text(Column<int>(_layout.AgencyNames, Agencies.Length)[i]));
        }

        _latestEnd = new long[(Count + Block - 1) / Block];
        _countable = new int[Agencies.Length];
        ReadAll();
    }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public int Count { get; }

    public int HeldCount { get; private set; }

    /// <summary>In ordinal order.</summary>
    public AgencyId[] Agencies { get; }

    public DateTimeOffset? FirstExpiry => Count == 0 ? null : ExpiresAt(ByExpiry[0]);

    /// <summary>Rows in the order of their expiry.</summary>
    public ReadOnlySpan<int> ByExpiry => Column<int>(_layout.ByExpiry, Count);

    /// <summary>What it takes beside the bytes.</summary>
    public long IndexBytes => (_latestEnd.Length * 8L) + (Agencies.Length * 120L);

    /// <summary>How many claims of each agency are not SILENT, in the order of the agencies.</summary>
    public int[] CountableByAgency() => [.. _countable];

    /// <summary>The agency's place among the agencies, or less than 0.</summary>
    public int AgencyAt(AgencyId agency) => Array.BinarySearch(Agencies, agency);

    public (int From, int To) RowsOf(int agency)
    {
        var starts = Column<int>(_layout.AgencyStarts, Agencies.Length + 1);
        return (starts[agency], starts[agency + 1]);
    }

    /// <summary>Whose a row is.</summary>
    public int AgencyOf(int row)
    {
        var starts = Column<int>(_layout.AgencyStarts, Agencies.Length + 1);
        var at = starts.BinarySearch(row);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>An agency's row that is so many from its oldest.</summary>
    public int RowByAge(int place) => Column<int>(_layout.ByAge, Count)[place];

    public DateTimeOffset ExpiresAt(int row) => Time(Column<long>(_layout.Expires, Count)[row]);

    public bool IsAnnounced(int row) => (FlagsOf(row) & SnapshotLayout.AnnouncedFlag) != 0;

    public bool IsSilent(int row) => (Disclosure)Column<byte>(_layout.Disclosure, Count)[row] == Disclosure.Silent;

    /// <summary>The row of a claim number, or less than 0.</summary>
    public int Find(Guid id)
    {
        var ids = Column<Guid>(_layout.Ids, Count);
        var order = Column<int>(_layout.ById, Count);
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var compared = ids[order[middle]].CompareTo(id);
            if (compared == 0)
            {
                return order[middle];
            }

            (low, high) = compared < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The row of a key, or less than 0.</summary>
    public int Find(in ClaimKey key)
    {
        var agency = AgencyAt(key.Agency);
        if (agency < 0)
        {
            return -1;
        }

        var (from, to) = RowsOf(agency);
        var start = key.Window?.Earliest.UtcTicks ?? long.MinValue;
        var hash = ClaimKeyHash.Of(key);
        var hashes = Column<uint>(_layout.KeyHash, Count);
        for (var row = FirstFrom(from, to, start, hash); row < to && Start(row) == start && hashes[row] == hash; row++)
        {
            if (Claim(row).Key == key)
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>Adds the rows of an agency that a claim with this window and port meets, but for those that are gone.</summary>
    public void CollectMeeting(int agency, long start, long end, int? port, ulong[] gone, List<Claim> into)
    {
        var (from, to) = RowsOf(agency);
        to = FirstFrom(from, to, end, hash: 0); // Those from here on start too late.
        for (var row = from; row < to; row++)
        {
            if (row % Block == 0 || row == from)
            {
                while (row < to && _latestEnd[row / Block] <= start)
                {
                    row = (row / Block * Block) + Block;
                }

                if (row >= to)
                {
                    return;
                }
            }

            if (End(row) > start && (port is null || PortOf(row) is not { } other || other == port) && !IsGone(gone, row))
            {
                into.Add(Claim(row));
            }
        }
    }

    /// <summary>The record of a row, without its sealed part.</summary>
    public Claim Claim(int row)
    {
        var flags = FlagsOf(row);
        return new Claim
        {
            Id = Column<Guid>(_layout.Ids, Count)[row],
            Agency = Agencies[AgencyOf(row)],
            Role = (AgencyRole)Column<byte>(_layout.Role, Count)[row],
            Case = Text(Column<int>(_layout.Case, Count)[row]),
            RequestedBy = Text(Column<int>(_layout.RequestedBy, Count)[row]),
            Priority = (Priority)Column<byte>(_layout.Priority, Count)[row],
            Handling = (Handling)Column<byte>(_layout.Handling, Count)[row],
            Disclosure = (Disclosure)Column<byte>(_layout.Disclosure, Count)[row],
            Window = (flags & SnapshotLayout.WindowFlag) == 0 ? null : WindowOf(row),
            Port = PortOf(row),
            CreatedAt = Time(Column<long>(_layout.Created, Count)[row]),
            ExpiresAt = ExpiresAt(row),
            Revision = Column<int>(_layout.Revision, Count)[row],
            RuleVersion = Column<int>(_layout.RuleVersion, Count)[row],
            Held = (flags & SnapshotLayout.HeldFlag) != 0,
            ExpiryAnnounced = (flags & SnapshotLayout.AnnouncedFlag) != 0,
            Sealed = default,
            IsSealedApart = true,
        };
    }

    public static bool IsGone(ulong[] gone, int row) => (gone[row >> 6] & (1UL << (row & 63))) != 0;

    // Optimised at once: an activation may be the first that a process makes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadAll()
    {
        var flags = Column<byte>(_layout.Flags, Count);
        var held = 0;
        for (var row = 0; row < flags.Length; row++)
        {
            held += flags[row] & SnapshotLayout.HeldFlag;
            ref var latest = ref _latestEnd[row / Block];
            latest = row % Block == 0 ? End(row) : Math.Max(latest, End(row));
        }

        HeldCount = held;
        var disclosures = Column<byte>(_layout.Disclosure, Count);
        for (var agency = 0; agency < _countable.Length; agency++)
        {
            var (from, to) = RowsOf(agency);
            _countable[agency] = to - from - disclosures[from..to].Count((byte)Disclosure.Silent);
        }
    }

    // The first row of the range that starts then, with that hash or a greater, or later.
    private int FirstFrom(int from, int to, long start, uint hash)
    {
        var hashes = Column<uint>(_layout.KeyHash, Count);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            var at = Start(middle);
            if (at < start || (at == start && hashes[middle] < hash))
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }

    private long Start(int row) =>
        (FlagsOf(row) & SnapshotLayout.WindowFlag) == 0 ? long.MinValue : WindowOf(row).Earliest.UtcTicks;

    private long End(int row) => (FlagsOf(row) & SnapshotLayout.WindowFlag) == 0 ? long.MaxValue : WindowOf(row).Latest.UtcTicks;

    private Window WindowOf(int row) => new(
        Time(Column<long>(_layout.From, Count)[row]),
        Time(Column<long>(_layout.Until, Count)[row]),
        new TimeSpan(Column<long>(_layout.Tolerance, Count)[row]));

    private int? PortOf(int row) => (FlagsOf(row) & SnapshotLayout.PortFlag) == 0 ? null : Column<int>(_layout.Port, Count)[row];

    private byte FlagsOf(int row) => Column<byte>(_layout.Flags, Count)[row];

    private string Text(int number)
    {
        var starts = Column<int>(_layout.TextStarts, _texts + 1);
        return Encoding.UTF8.GetString(_bytes.Span[((int)_layout.Text + starts[number])..((int)_layout.Text + starts[number + 1])]);
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private ReadOnlySpan<T> Column<T>(long at, int count)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(_bytes.Span[(int)at..])[..count];
}
