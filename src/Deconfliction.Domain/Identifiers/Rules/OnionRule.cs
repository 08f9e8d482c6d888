using System.Text;
using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// A Tor v3 onion service: 56 base32 characters of public key, checksum and version (Tor's rend-spec-v3, section 6),
/// the checksum verified; names below the service are dropped, for it answers to all of them.
/// </summary>
internal static class OnionRule
{
    private const int NameLength = 56;
    private const int KeyBytes = 32;
    private const byte Version = 3;
    private const string Remedy = "Give the 56 characters of a v3 address, with or without .onion.";

    public static Ruling Apply(string text)
    {
        var lower = text.ToLowerInvariant().TrimEnd('.');
        var hasSuffix = lower.EndsWith(".onion", StringComparison.Ordinal);
        var name = hasSuffix ? lower[..^".onion".Length] : lower;
        name = hasSuffix ? name[(name.LastIndexOf('.') + 1)..] : name;
        if (name.Length == 16 && Base32.Decode(name) is not null)
        {
            return Ruling.Refuse("ONION_V2", $"{Excerpt.Quote(text)} is a v2 address; those ended in 2021 and are no strong key", Remedy);
        }

        if (name.Length != NameLength || Base32.Decode(name) is not { } bytes)
        {
            return Ruling.Refuse("NOT_AN_ONION_ADDRESS", $"{Excerpt.Quote(text)} is not an onion address: it needs 56 base32 characters", Remedy);
        }

        return bytes[^1] == Version && HasChecksum(bytes)
            ? Ruling.Accept(name + ".onion")
            : Ruling.Refuse("WRONG_CHECKSUM", $"{Excerpt.Quote(text)} is mistyped: its checksum or version is wrong", "Copy the address anew.");
    }

    private static bool HasChecksum(byte[] bytes)
    {
        byte[] input = [.. Encoding.ASCII.GetBytes(".onion checksum"), .. bytes[..KeyBytes], Version];
        return Keccak.Sha3256(input).AsSpan(0, 2).SequenceEqual(bytes.AsSpan(KeyBytes, 2));
    }
}
