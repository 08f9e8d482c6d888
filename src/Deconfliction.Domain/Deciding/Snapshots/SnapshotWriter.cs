using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>Writes claims down as <see cref="SnapshotLayout"/> has it.</summary>
internal sealed class SnapshotWriter
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly List<byte[]> _textBytes = [];
    private int _textLength;

    private SnapshotWriter()
    {
    }

    public static byte[] Write(in SnapshotStamp stamp, List<Claim> claims)
    {
        var rows = new Row[claims.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new Row(claims[i]);
        }

        Array.Sort(rows, Row.Compare);
        return new SnapshotWriter().Write(stamp, rows);
    }

    private byte[] Write(in SnapshotStamp stamp, Row[] rows)
    {
        var (starts, names) = Agencies(rows);
        var cases = Array.ConvertAll(rows, row => Text(row.Claim.Case));
        var officers = Array.ConvertAll(rows, row => Text(row.Claim.RequestedBy));
        var layout = new SnapshotLayout(rows.Length, names.Count, _textBytes.Count, _textLength);
        var bytes = new byte[checked((int)layout.Length)];
        WriteHeader(bytes, stamp, rows.Length, names.Count);
        WriteColumns(bytes, layout, rows);
        Fill(bytes, layout.Case, cases);
        Fill(bytes, layout.RequestedBy, officers);
        Fill(bytes, layout.AgencyStarts, [.. starts]);
        Fill(bytes, layout.AgencyNames, [.. names]);
        WriteOrders(bytes, layout, rows, starts);
        WriteTexts(bytes, layout);
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(SnapshotLayout.ChecksumAt), SnapshotChecksum.Of(bytes.AsSpan(SnapshotLayout.CoveredFrom)));
        return bytes;
    }

    private void WriteHeader(byte[] bytes, in SnapshotStamp stamp, int count, int agencies)
    {
        var header = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(header, SnapshotLayout.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], SnapshotLayout.Format);
        BinaryPrimitives.WriteInt64LittleEndian(header[SnapshotLayout.LengthAt..], bytes.Length);
        stamp.Tag.CopyTo(header[SnapshotLayout.TagAt..]);
        stamp.History.TryWriteBytes(header[SnapshotLayout.HistoryAt..]);
        stamp.IdentifierId.TryWriteBytes(header[SnapshotLayout.IdentifierAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[SnapshotLayout.VersionAt..], stamp.Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[SnapshotLayout.TakenAt..], stamp.TakenAt.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(header[SnapshotLayout.CountAt..], count);
        BinaryPrimitives.WriteInt32LittleEndian(header[SnapshotLayout.AgenciesAt..], agencies);
        BinaryPrimitives.WriteInt32LittleEndian(header[SnapshotLayout.TextsAt..], _textBytes.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[SnapshotLayout.TextBytesAt..], _textLength);
    }

    private static void WriteColumns(byte[] bytes, in SnapshotLayout layout, Row[] rows)
    {
        Fill(bytes, layout.Ids, Array.ConvertAll(rows, row => row.Claim.Id));
        Fill(bytes, layout.From, Array.ConvertAll(rows, row => row.Claim.Window?.From.UtcTicks ?? 0));
        Fill(bytes, layout.Until, Array.ConvertAll(rows, row => row.Claim.Window?.Until.UtcTicks ?? 0));
        Fill(bytes, layout.Tolerance, Array.ConvertAll(rows, row => row.Claim.Window?.Tolerance.Ticks ?? 0));
        Fill(bytes, layout.Created, Array.ConvertAll(rows, row => row.Claim.CreatedAt.UtcTicks));
        Fill(bytes, layout.Expires, Array.ConvertAll(rows, row => row.Claim.ExpiresAt.UtcTicks));
        Fill(bytes, layout.KeyHash, Array.ConvertAll(rows, row => row.KeyHash));
        Fill(bytes, layout.Port, Array.ConvertAll(rows, row => row.Claim.Port ?? 0));
        Fill(bytes, layout.Revision, Array.ConvertAll(rows, row => row.Claim.Revision));
        Fill(bytes, layout.RuleVersion, Array.ConvertAll(rows, row => row.Claim.RuleVersion));
        Fill(bytes, layout.Role, Array.ConvertAll(rows, row => checked((byte)row.Claim.Role)));
        Fill(bytes, layout.Priority, Array.ConvertAll(rows, row => checked((byte)row.Claim.Priority)));
        Fill(bytes, layout.Handling, Array.ConvertAll(rows, row => checked((byte)row.Claim.Handling)));
        Fill(bytes, layout.Disclosure, Array.ConvertAll(rows, row => checked((byte)row.Claim.Disclosure)));
        Fill(bytes, layout.Flags, Array.ConvertAll(rows, row => FlagsOf(row.Claim)));
    }

    private static void WriteOrders(byte[] bytes, in SnapshotLayout layout, Row[] rows, List<int> starts)
    {
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        Array.Sort(order, (left, right) => rows[left].Claim.Id.CompareTo(rows[right].Claim.Id));
        Fill(bytes, layout.ById, order);
        Array.Sort(order, (left, right) =>
        {
            var byExpiry = rows[left].Claim.ExpiresAt.CompareTo(rows[right].Claim.ExpiresAt);
            return byExpiry != 0 ? byExpiry : left.CompareTo(right);
        });
        Fill(bytes, layout.ByExpiry, order);
        order = [.. Enumerable.Range(0, rows.Length)];
        for (var agency = 0; agency + 1 < starts.Count; agency++)
        {
            Array.Sort(
                order, starts[agency], starts[agency + 1] - starts[agency],
                Comparer<int>.Create((left, right) => ClaimAge.Compare(rows[left].Claim, rows[right].Claim)));
        }

        Fill(bytes, layout.ByAge, order);
    }

    private void WriteTexts(byte[] bytes, in SnapshotLayout layout)
    {
        var starts = SnapshotLayout.Column<int>(bytes, layout.TextStarts, _textBytes.Count + 1);
        var at = 0;
        for (var i = 0; i < _textBytes.Count; i++)
        {
            starts[i] = at;
            _textBytes[i].CopyTo(bytes.AsSpan((int)layout.Text + at));
            at += _textBytes[i].Length;
        }

        starts[^1] = at;
    }

    // Where each agency's rows start, with the end of all last; and its name.
    private (List<int> Starts, List<int> Names) Agencies(Row[] rows)
    {
        var (starts, names) = (new List<int>(), new List<int>());
        for (var row = 0; row < rows.Length; row++)
        {
            if (row == 0 || rows[row].Claim.Agency != rows[row - 1].Claim.Agency)
            {
                starts.Add(row);
                names.Add(Text(rows[row].Claim.Agency.Value));
            }
        }

        starts.Add(rows.Length);
        return (starts, names);
    }

    private int Text(string text)
    {
        if (!_texts.TryGetValue(text, out var number))
        {
            number = _textBytes.Count;
            _texts.Add(text, number);
            _textBytes.Add(Encoding.UTF8.GetBytes(text));
            _textLength = checked(_textLength + _textBytes[^1].Length);
        }

        return number;
    }

    private static byte FlagsOf(Claim claim) => (byte)(
        (claim.Held ? SnapshotLayout.HeldFlag : 0) | (claim.ExpiryAnnounced ? SnapshotLayout.AnnouncedFlag : 0)
        | (claim.Window is not null ? SnapshotLayout.WindowFlag : 0) | (claim.Port is not null ? SnapshotLayout.PortFlag : 0));

    private static void Fill<T>(byte[] bytes, long at, T[] values)
        where T : unmanaged =>
        values.CopyTo(SnapshotLayout.Column<T>(bytes, at, values.Length));

    private readonly struct Row(Claim claim)
    {
        public readonly Claim Claim = claim;
        public readonly long Start = claim.Window?.Earliest.UtcTicks ?? long.MinValue;
        public readonly uint KeyHash = ClaimKeyHash.Of(claim.Key);

        public static int Compare(Row left, Row right)
        {
            var order = left.Claim.Agency.CompareTo(right.Claim.Agency);
            order = order != 0 ? order : left.Start.CompareTo(right.Start);
            order = order != 0 ? order : left.KeyHash.CompareTo(right.KeyHash);
            return order != 0 ? order : left.Claim.Id.CompareTo(right.Claim.Id);
        }
    }
}
