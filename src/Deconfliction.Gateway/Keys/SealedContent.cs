using System.Buffers.Binary;
using System.Text;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Gateway.Keys;

/// <summary>What a claim holds that nothing below the gateway may see.</summary>
/// <param name="Identifier">Kind and canonical value.</param>
/// <param name="Submitted">The value as it was submitted.</param>
/// <param name="Contact">Whom to call; empty means the agency's contact.</param>
/// <param name="LegalBasis">The legal basis.</param>
/// <param name="Purpose">Why it was claimed.</param>
/// <param name="RuleVersion">Version of the rules that made the value canonical.</param>
public sealed record SealedContent(
    Identifier Identifier, string Submitted, string Contact, string LegalBasis, string Purpose, int RuleVersion)
{
    // kind, rule version, then five texts, each with its length before it. A submitted value that is the canonical one, which
    // nearly all are, is written as absent: a million claims are kept in memory.
    private const ushort Absent = ushort.MaxValue;
    private const int FixedLength = sizeof(byte) + sizeof(ushort) + (5 * sizeof(ushort));

    /// <summary>The kind only: what is printed ends in logs.</summary>
    public override string ToString() => $"SealedContent {{ Kind = {IdentifierKinds.Name(Identifier.Kind)} }}";

    internal int MeasureLength() =>
        FixedLength
        + Encoding.UTF8.GetByteCount(Identifier.Canonical)
        + (IsAsSubmitted ? 0 : Encoding.UTF8.GetByteCount(Submitted))
        + Encoding.UTF8.GetByteCount(Contact)
        + Encoding.UTF8.GetByteCount(LegalBasis)
        + Encoding.UTF8.GetByteCount(Purpose);

    internal void WriteTo(Span<byte> target)
    {
        target[0] = (byte)Identifier.Kind;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], checked((ushort)RuleVersion));
        target = target[3..];
        WriteText(ref target, Identifier.Canonical);
        WriteText(ref target, IsAsSubmitted ? null : Submitted);
        WriteText(ref target, Contact);
        WriteText(ref target, LegalBasis);
        WriteText(ref target, Purpose);
    }

    internal static SealedContent Read(ReadOnlySpan<byte> source)
    {
        var kind = (IdentifierKind)source[0];
        var ruleVersion = BinaryPrimitives.ReadUInt16BigEndian(source[1..]);
        source = source[3..];
        var canonical = ReadText(ref source) ?? throw new FormatException("The canonical value is missing.");
        var submitted = ReadText(ref source) ?? canonical;
        return new SealedContent(
            new Identifier(kind, canonical),
            submitted,
            ReadText(ref source) ?? "",
            ReadText(ref source) ?? "",
            ReadText(ref source) ?? "",
            ruleVersion);
    }

    private bool IsAsSubmitted => string.Equals(Submitted, Identifier.Canonical, StringComparison.Ordinal);

    private static void WriteText(ref Span<byte> target, string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target, Absent);
            target = target[sizeof(ushort)..];
            return;
        }

        var length = Encoding.UTF8.GetBytes(text, target[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(target, checked((ushort)length));
        target = target[(sizeof(ushort) + length)..];
    }

    private static string? ReadText(ref ReadOnlySpan<byte> source)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(source);
        source = source[sizeof(ushort)..];
        if (length == Absent)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(source[..length]);
        source = source[length..];
        return text;
    }
}
