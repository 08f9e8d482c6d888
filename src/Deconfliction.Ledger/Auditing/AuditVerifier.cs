using System.Security.Cryptography;

namespace Deconfliction.Ledger.Auditing;

/// <summary>What is stored of a chain beside its entries.</summary>
/// <param name="Writer">The chain's number; chains are numbered from 1 without gaps.</param>
/// <param name="BaseNumber">Number of the last entry purged; 0 where none was.</param>
/// <param name="BaseHash">Its hash; zeros where none was.</param>
/// <param name="BaseSeal">Seal of the base.</param>
/// <param name="HeadNumber">Number of the last entry.</param>
/// <param name="HeadHash">Its hash.</param>
/// <param name="HeadSeal">Seal of the head.</param>
/// <param name="PlaceSeal">Seal of the chain's place: last, or followed.</param>
internal sealed record AuditWriterRow(
    long Writer,
    long BaseNumber,
    byte[] BaseHash,
    byte[] BaseSeal,
    long HeadNumber,
    byte[] HeadHash,
    byte[] HeadSeal,
    byte[] PlaceSeal);

/// <summary>
/// Follows the chains and finds the first bad entry. A store calls, in one snapshot and in order of writer and number:
/// <see cref="BeginWriter"/>, <see cref="Read"/> (or <see cref="Unreadable"/>) for each of its entries, <see cref="EndWriter"/>;
/// last <see cref="End"/>.
/// Memory does not grow with the record.
/// </summary>
internal sealed class AuditVerifier(ReadOnlyMemory<byte> key)
{
    private AuditWriterRow? _writer;
    private byte[] _before = [];
    private long _number;
    private long _entries;
    private int _writers;
    private (long Writer, long Number, string Problem)? _firstBad;

    /// <summary>Whether a bad entry was found: what follows in the chain cannot be judged, and need not be read.</summary>
    public bool HasFailed => _firstBad is not null;

    /// <summary>What was found.</summary>
    public AuditVerification Result => new(_entries, _writers, _firstBad);

    /// <summary>Starts a chain.</summary>
    public void BeginWriter(AuditWriterRow writer)
    {
        _writer = writer;
        _writers++;
        _number = writer.BaseNumber;
        _before = writer.BaseHash;
        if (writer.Writer != _writers)
        {
            Fail(_writers, 1, "the whole chain is missing");
        }
        else if (!IsSealed(ChainEnd.Base, writer.BaseNumber, writer.BaseHash, writer.BaseSeal))
        {
            Fail(writer.Writer, writer.BaseNumber + 1, "what is stored of the entries purged before it was altered");
        }
        else if (!IsSealed(ChainEnd.Head, writer.HeadNumber, writer.HeadHash, writer.HeadSeal))
        {
            Fail(writer.Writer, writer.HeadNumber, "what is stored of the chain's end was altered");
        }
    }

    /// <summary>Judges the chain's next entry.</summary>
    public void Read(AuditEntry entry)
    {
        if (!Follows(entry.Writer, entry.Number))
        {
            return;
        }

        var hash = AuditChain.Hash(key.Span, _before, entry.Writer, entry.Number, entry.At, entry.Draft);
        if (!CryptographicOperations.FixedTimeEquals(hash, entry.Hash.Span))
        {
            Fail(entry.Writer, entry.Number, "its content does not agree with its hash and the entry before it");
        }

        _before = hash;
    }

    /// <summary>The chain's next entry is there but cannot be read.</summary>
    public void Unreadable()
    {
        _entries++;
        Fail(_writer!.Writer, _number + 1, "it cannot be read");
    }

    /// <summary>Ends the chain: its last entry must be the stored head.</summary>
    public void EndWriter()
    {
        var writer = _writer ?? throw new InvalidOperationException("No chain was begun.");
        if (_number < writer.HeadNumber)
        {
            Fail(writer.Writer, _number + 1, $"it is missing; the chain goes to {writer.HeadNumber}");
        }
        else if (!CryptographicOperations.FixedTimeEquals(_before, writer.HeadHash))
        {
            Fail(writer.Writer, _number, "its hash is not the one that the chain's end has");
        }
    }

    /// <summary>Ends the record: no entry may belong to a chain after the last.</summary>
    /// <param name="highestWriter">The highest writer that any entry names; 0 where there are none.</param>
    /// <param name="hasIdentifiers">Whether the ledger has any identifier: then somebody made a claim, and it was recorded.</param>
    public void End(long highestWriter, bool hasIdentifiers)
    {
        if (highestWriter > _writers)
        {
            Fail(_writers + 1, 1, "what is stored of its chain's ends is missing");
        }
        else if (_writer is { } last && !HasPlace(last, isLast: true))
        {
            Fail(last.Writer + 1, 1, "the whole chain is missing");
        }
        else if (_writer is null && hasIdentifiers)
        {
            Fail(1, 1, "the whole record is missing");
        }
    }

    private bool Follows(long writer, long number)
    {
        _entries++;
        var expected = ++_number;
        if (number != expected)
        {
            Fail(writer, Math.Min(number, expected), number > expected ? "it is missing" : "it comes twice, or out of order");
            return false;
        }

        if (number > _writer!.HeadNumber)
        {
            Fail(writer, number, "it comes after the chain's end");
            return false;
        }

        return !HasFailed;
    }

    private bool HasPlace(AuditWriterRow writer, bool isLast) =>
        CryptographicOperations.FixedTimeEquals(AuditChain.SealPlace(key.Span, writer.Writer, isLast), writer.PlaceSeal);

    private bool IsSealed(ChainEnd end, long number, byte[] hash, byte[] seal) =>
        CryptographicOperations.FixedTimeEquals(AuditChain.Seal(key.Span, end, _writer!.Writer, number, hash), seal);

    private void Fail(long writer, long number, string problem) => _firstBad ??= (writer, number, problem);
}
