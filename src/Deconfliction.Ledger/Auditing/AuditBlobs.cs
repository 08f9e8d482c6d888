using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Ledger.Auditing;

/// <summary>
/// How the lists of an audit entry are stored, the same in both databases.
/// Subjects: each 16 bytes, big-endian (RFC 9562), one after the other.
/// Disclosures: each claim id (16 bytes, big-endian), overlap id (16), visibility (1), then the ids of the agency that was shown
/// it and of the claim's owner, each as a length byte and ASCII.
/// </summary>
internal static class AuditBlobs
{
    private const int GuidLength = 16;

    public static byte[] OfSubjects(IReadOnlyList<Guid> subjects)
    {
        if (subjects.Count == 0)
        {
            return [];
        }

        var bytes = new byte[subjects.Count * GuidLength];
        for (var i = 0; i < subjects.Count; i++)
        {
            subjects[i].TryWriteBytes(bytes.AsSpan(i * GuidLength), bigEndian: true, out _);
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are not what <see cref="OfSubjects"/> writes.</exception>
    public static IReadOnlyList<Guid> ToSubjects(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % GuidLength != 0)
        {
            throw new FormatException($"Subjects of an audit entry take {GuidLength} bytes each; {bytes.Length} bytes are stored.");
        }

        var subjects = new Guid[bytes.Length / GuidLength];
        for (var i = 0; i < subjects.Length; i++)
        {
            subjects[i] = new Guid(bytes.Slice(i * GuidLength, GuidLength), bigEndian: true);
        }

        return subjects;
    }

    public static byte[] OfDisclosures(IReadOnlyList<Disclosed> disclosures)
    {
        if (disclosures.Count == 0)
        {
            return [];
        }

        using var stream = new MemoryStream(disclosures.Count * 64);
        Span<byte> id = stackalloc byte[GuidLength];
        foreach (var shown in disclosures)
        {
            shown.ClaimId.TryWriteBytes(id, bigEndian: true, out _);
            stream.Write(id);
            shown.OverlapId.TryWriteBytes(id, bigEndian: true, out _);
            stream.Write(id);
            stream.WriteByte((byte)shown.Visibility);
            WriteAgency(stream, shown.To);
            WriteAgency(stream, shown.Of);
        }

        return stream.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not what <see cref="OfDisclosures"/> writes.</exception>
    public static IReadOnlyList<Disclosed> ToDisclosures(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        var disclosures = new List<Disclosed>();
        while (!bytes.IsEmpty)
        {
            var claim = new Guid(Take(ref bytes, GuidLength), bigEndian: true);
            var overlap = new Guid(Take(ref bytes, GuidLength), bigEndian: true);
            var visibility = (Visibility)Take(ref bytes, 1)[0];
            var to = ReadAgency(ref bytes);
            disclosures.Add(new Disclosed(to, ReadAgency(ref bytes), claim, overlap, visibility));
        }

        return disclosures;
    }

    private static void WriteAgency(MemoryStream stream, AgencyId agency)
    {
        var name = Encoding.ASCII.GetBytes(agency.Value);
        stream.WriteByte((byte)name.Length);
        stream.Write(name);
    }

    private static AgencyId ReadAgency(ref ReadOnlySpan<byte> bytes) =>
        AgencyId.Parse(Encoding.ASCII.GetString(Take(ref bytes, Take(ref bytes, 1)[0])));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length < count)
        {
            throw new FormatException("The disclosures of an audit entry end too early.");
        }

        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
