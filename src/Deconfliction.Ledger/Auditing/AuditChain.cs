using System.Buffers.Binary;
using System.Text;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Ledger.Auditing;

/// <summary>
/// One writer's chain of audit entries. Each entry's hash is HMAC-SHA-256 under the audit key over the hash before it and the
/// entry's canonical bytes, so that an entry altered, moved or taken out breaks the chain from there on. Not thread-safe: a
/// writer has one transaction at a time. A chain whose last commit failed is thrown away; the next entry starts a new one.
/// </summary>
internal sealed class AuditChain(long writer, ReadOnlyMemory<byte> key)
{
    private const int HashLength = 32;

    // Every entry of every group is written into one first.
    [ThreadStatic]
    private static CanonicalBytes? t_bytes;

    private readonly byte[] _head = new byte[HashLength];

    /// <summary>The chain's number.</summary>
    public long Writer { get; } = writer;

    /// <summary>Number of its last entry.</summary>
    public long Number { get; private set; }

    /// <summary>Hash of its last entry; zeros before the first.</summary>
    public ReadOnlyMemory<byte> Head => _head;

    /// <summary>Adds an entry and gives it its number and hash.</summary>
    public AuditEntry Add(AuditDraft draft, DateTimeOffset at)
    {
        var number = Number + 1;
        var hash = Hash(key.Span, _head, Writer, number, at, draft);
        hash.CopyTo(_head, 0);
        Number = number;
        return new AuditEntry(Writer, number, at, draft, hash);
    }

    /// <summary>Where the chain stands, to come back to by <see cref="Rewind"/>.</summary>
    public (long Number, byte[] Head) Mark() => (Number, (byte[])_head.Clone());

    /// <summary>Goes back to a mark: for a group that was surely rolled back and is run again.</summary>
    public void Rewind((long Number, byte[] Head) mark)
    {
        Number = mark.Number;
        mark.Head.CopyTo(_head, 0);
    }

    /// <summary>
    /// The seal of the chain's head. Stored with it in each group's transaction: entries cut off the end show, because the seal
    /// of an earlier head cannot be made without the key.
    /// </summary>
    public byte[] SealHead() => Seal(key.Span, ChainEnd.Head, Writer, Number, _head);

    /// <summary>The seal of an end of a chain (its last entry, or the last one purged).</summary>
    public static byte[] Seal(ReadOnlySpan<byte> key, ChainEnd end, long writer, long number, ReadOnlySpan<byte> hash)
    {
        var seal = CanonicalBytes.Start();
        seal.Text(end == ChainEnd.Head ? "head" : "base");
        seal.Number(writer);
        seal.Number(number);
        seal.Bytes(hash);
        return KeyedHash.Of(key, seal.Written);
    }

    /// <summary>
    /// The seal of a chain's place: the last one, or followed by another. Opening a chain replaces its predecessor's seal in the
    /// same transaction, so that a whole chain taken away at the end shows: the seal that its predecessor had as the last cannot
    /// be made without the key.
    /// </summary>
    public static byte[] SealPlace(ReadOnlySpan<byte> key, long writer, bool isLast)
    {
        var seal = CanonicalBytes.Start();
        seal.Text(isLast ? "last" : "followed");
        seal.Number(writer);
        return KeyedHash.Of(key, seal.Written);
    }

    /// <summary>The hash of an entry that follows one with hash <paramref name="before"/>.</summary>
    public static byte[] Hash(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, long writer, long number, DateTimeOffset at, AuditDraft draft)
    {
        var entry = CanonicalBytes.Start();
        entry.Bytes(before);
        entry.Number(writer);
        entry.Number(number);
        entry.Number(ToMicroseconds(at));
        entry.Text(draft.Agency.Value);
        entry.Text(draft.Certificate);
        entry.Text(draft.RequestedBy);
        entry.Number((int)draft.Operation);
        entry.Tag(draft.Tag);
        entry.Text(draft.Case);
        entry.Text(draft.Purpose);
        entry.Id(draft.RequestId);
        entry.Bytes(draft.PayloadHash.Span);
        entry.Number(draft.Subjects.Count);
        foreach (var subject in draft.Subjects)
        {
            entry.Id(subject);
        }

        entry.Text(draft.Result);
        entry.Number(draft.Disclosures.Count);
        foreach (var shown in draft.Disclosures)
        {
            entry.Text(shown.To.Value);
            entry.Text(shown.Of.Value);
            entry.Id(shown.ClaimId);
            entry.Id(shown.OverlapId);
            entry.Number((int)shown.Visibility);
        }

        return KeyedHash.Of(key, entry.Written);
    }

    /// <summary>Databases keep microseconds; so does the hash.</summary>
    public static long ToMicroseconds(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;

    // Length before content, so that no two entries have the same bytes.
    private sealed class CanonicalBytes
    {
        private const int IdLength = 16;
        private byte[] _buffer = new byte[512];
        private int _length;

        /// <summary>This thread's, empty.</summary>
        public static CanonicalBytes Start()
        {
            var bytes = t_bytes ??= new CanonicalBytes();
            bytes._length = 0;
            return bytes;
        }

        public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

        public void Number(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(sizeof(long)), value);

        public void Bytes(ReadOnlySpan<byte> value)
        {
            Number(value.Length);
            value.CopyTo(Reserve(value.Length));
        }

        public void Id(Guid? value)
        {
            Number(value is null ? 0 : IdLength);
            value?.TryWriteBytes(Reserve(IdLength), bigEndian: true, out _);
        }

        public void Tag(Tag? value)
        {
            Number(value is null ? 0 : Domain.Identifiers.Tag.Length);
            value?.CopyTo(Reserve(Domain.Identifiers.Tag.Length));
        }

        // Nothing and the empty text differ.
        public void Text(string? value)
        {
            if (value is null)
            {
                Number(-1);
                return;
            }

            var count = Encoding.UTF8.GetByteCount(value);
            Number(count);
            Encoding.UTF8.GetBytes(value, Reserve(count));
        }

        private Span<byte> Reserve(int count)
        {
            if (_length + count > _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
            }

            _length += count;
            return _buffer.AsSpan(_length - count, count);
        }
    }
}

/// <summary>The ends of a chain that are stored beside its entries.</summary>
internal enum ChainEnd
{
    /// <summary>The last entry that was purged; number 0 and zeros where none was.</summary>
    Base,

    /// <summary>The last entry.</summary>
    Head,
}
