using System.Collections.Frozen;

namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>The hazards that are facts: from RFCs, registries and public documentation.</summary>
internal static class BuiltInHazards
{
    private static readonly Hazard EmptyInput = new("EMPTY_INPUT_HASH", "This is the hash of empty input: every empty file has it.");

    private static readonly Hazard FeaturelessImage = new(
        "FEATURELESS_IMAGE_HASH", "All bits of this image hash are alike: images without features have it.");

    private static readonly Hazard Placeholder = new("PLACEHOLDER", "Programs write this value where they have none.");

    private static readonly Hazard Randomised = new(
        "RANDOMISED_MAC", "The address is locally administered: devices draw such addresses at random and change them.");

    private static readonly Hazard GroupAddress = new("GROUP_MAC", "The address is a broadcast or multicast one, not a device's.");

    private static readonly Hazard SpecialName = new(
        "SPECIAL_USE_DOMAIN", "The name is reserved for special use (RFC 2606, RFC 6761): nobody has registered it.");

    private static readonly AddressBlocks Addresses = new(
    [
        .. BuiltInAddresses.PublicResolvers.SelectMany(resolver => resolver.Addresses.Select(address =>
            (address, new Hazard("PUBLIC_RESOLVER", $"The address is a public resolver of {resolver.Operator}: its clients share it.")))),
        .. BuiltInAddresses.SpecialPurpose.Select(special =>
            (special.Block, new Hazard("SPECIAL_PURPOSE_ADDRESS", $"The address is in {special.Block}: {special.Use}."))),
    ]);

    // The hashes are written out, not computed: they are what other programs print for an empty file.
    private static readonly FrozenDictionary<string, Hazard> EmptyHashes = new[]
    {
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    }.ToFrozenDictionary(hash => hash, _ => EmptyInput, StringComparer.Ordinal);

    private static readonly FrozenSet<string> SpecialNames = new[]
    {
        "test", "example", "invalid", "localhost", "local", "internal", "alt", "home.arpa", "example.com", "example.net", "example.org",
    }.ToFrozenSet(StringComparer.Ordinal);

    // The two bytes by which eMule marks its own user hashes, and nothing else set.
    private const string EmptyEmuleHash = "00000000000e00000000000000006f00";

    public static Hazard? Find(Identifier identifier)
    {
        var value = identifier.Canonical;
        return identifier.Kind switch
        {
            IdentifierKind.Ip => Addresses.Find(value),
            IdentifierKind.Md5 or IdentifierKind.Sha1 or IdentifierKind.Sha256 or IdentifierKind.Sha512 =>
                EmptyHashes.GetValueOrDefault(value) ?? (IsOneDigit(value) ? Placeholder : null),
            IdentifierKind.Pdq or IdentifierKind.PhotoDna => IsOneDigit(value) ? FeaturelessImage : null,
            IdentifierKind.P2pGuid => IsPlaceholderGuid(value.AsSpan(value.IndexOf(':', StringComparison.Ordinal) + 1)) ? Placeholder : null,
            IdentifierKind.InfoHash => IsOneDigit(value) ? Placeholder : null,
            IdentifierKind.Imei => IsOneDigit(value) || value is "12345678901234" or "01234567890123" ? Placeholder : null,
            IdentifierKind.Mac => FindMac(value),
            IdentifierKind.Domain => IsSpecialName(value) ? SpecialName : null,
            _ => null,
        };
    }

    private static bool IsPlaceholderGuid(ReadOnlySpan<char> hex) => IsOneDigit(hex) || hex.SequenceEqual(EmptyEmuleHash);

    private static bool IsOneDigit(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(text[0]);

    private static Hazard? FindMac(string mac)
    {
        if (string.Equals(mac, "00:00:00:00:00:00", StringComparison.Ordinal))
        {
            return Placeholder;
        }

        // IEEE 802, 8.2: the two lowest bits of the first octet say group and locally administered.
        var firstOctet = mac.Length > 1 ? Encodings.Hex.Value(mac[1]) : 0;
        return (firstOctet & 1) != 0 ? GroupAddress : (firstOctet & 2) != 0 ? Randomised : null;
    }

    private static bool IsSpecialName(string name)
    {
        for (var rest = name; ; rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (SpecialNames.Contains(rest))
            {
                return true;
            }

            if (!rest.Contains('.', StringComparison.Ordinal))
            {
                return false;
            }
        }
    }
}
