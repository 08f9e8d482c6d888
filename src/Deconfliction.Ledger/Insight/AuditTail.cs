using System.Security.Cryptography;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Insight;

/// <summary>
/// Follows the end of chains: what <see cref="AuditVerifier"/> does for the whole record, in bounded time. The first entry read is taken
/// at its word, unless the chain's base precedes it.
/// </summary>
internal sealed class AuditTail(ReadOnlyMemory<byte> key)
{
    /// <summary>How many of the newest chains are followed.</summary>
    public const int Chains = 4;

    private long _entries;
    private int _writers;
    private (long Writer, long Number, string Problem)? _firstBad;

    /// <summary>What was found.</summary>
    public AuditVerification Result => new(_entries, _writers, _firstBad);

    /// <summary>Judges the last entries of one chain, ascending; all that are kept, where there are fewer than were asked for.</summary>
    public void Read(AuditWriterRow writer, IReadOnlyList<AuditEntry> entries)
    {
        _writers++;
        _entries += entries.Count;
        var seal = AuditChain.Seal(key.Span, ChainEnd.Head, writer.Writer, writer.HeadNumber, writer.HeadHash);
        if (!CryptographicOperations.FixedTimeEquals(seal, writer.HeadSeal))
        {
            Fail(writer.Writer, writer.HeadNumber, "what is stored of the chain's end was altered");
        }

        var (before, number) = (writer.BaseHash, writer.BaseNumber);
        var isJudged = entries.Count > 0 && entries[0].Number == number + 1;
        foreach (var entry in entries)
        {
            var hash = isJudged ? AuditChain.Hash(key.Span, before, entry.Writer, entry.Number, entry.At, entry.Draft) : entry.Hash.ToArray();
            if (isJudged && entry.Number != number + 1)
            {
                Fail(writer.Writer, number + 1, "it is missing");
            }
            else if (!CryptographicOperations.FixedTimeEquals(hash, entry.Hash.Span))
            {
                Fail(writer.Writer, entry.Number, "its content does not agree with its hash and the entry before it");
            }

            (before, number, isJudged) = (entry.Hash.ToArray(), entry.Number, true);
        }

        if (number != writer.HeadNumber || !CryptographicOperations.FixedTimeEquals(before, writer.HeadHash))
        {
            Fail(writer.Writer, writer.HeadNumber, $"the chain ends at {number}, and its head is {writer.HeadNumber}");
        }
    }

    private void Fail(long writer, long number, string problem) => _firstBad ??= (writer, number, problem);
}
