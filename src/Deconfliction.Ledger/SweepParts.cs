using System.Collections;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Ledger;

/// <summary>
/// Some of the 64 parts into which the work of the sweeps falls, so that the nodes of a cluster can share it: an identifier's part follows
/// from its tag, an agency's from its id. A set of bits.
/// </summary>
/// <param name="Bits">Bit n stands for part n.</param>
public readonly record struct SweepParts(ulong Bits) : IEnumerable<int>
{
    /// <summary>How many parts there are.</summary>
    public const int Count = 64;

    /// <summary>All parts.</summary>
    public static SweepParts All => new(ulong.MaxValue);

    /// <summary>None.</summary>
    public static SweepParts None => default;

    /// <summary>Whether it is all of them.</summary>
    public bool IsAll => Bits == ulong.MaxValue;

    /// <summary>Whether it is none.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>Whether the work that cannot be divided, such as purging, is among it.</summary>
    public bool HasIndivisible => Includes(0);

    /// <summary>The part of an identifier: its tag's first byte, which is evenly spread.</summary>
    public static int PartOf(Tag tag)
    {
        Span<byte> bytes = stackalloc byte[Tag.Length];
        tag.CopyTo(bytes);
        return bytes[0] % Count;
    }

    /// <summary>The part of an agency: FNV-1a of its id, the same on every node.</summary>
    public static int PartOf(AgencyId agency)
    {
        var hash = 2166136261;
        foreach (var letter in agency.Value)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return (int)(hash % Count);
    }

    /// <summary>With one part more.</summary>
    public SweepParts With(int part) => new(Bits | (1UL << part));

    /// <summary>Whether a part is among them.</summary>
    public bool Includes(int part) => (Bits >> part & 1) == 1;

    /// <summary>Whether an identifier's part is among them.</summary>
    public bool Includes(Tag tag) => Includes(PartOf(tag));

    /// <summary>Whether an agency's part is among them.</summary>
    public bool Includes(AgencyId agency) => Includes(PartOf(agency));

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator()
    {
        for (var part = 0; part < Count; part++)
        {
            if (Includes(part))
            {
                yield return part;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
