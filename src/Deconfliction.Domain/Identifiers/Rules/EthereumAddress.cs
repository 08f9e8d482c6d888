using System.Text;
using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// An Ethereum address: 20 bytes in lower-case hexadecimal after 0x. Mixed case is a checksum (EIP-55) and verified;
/// ERC-1191's differs by chain, and the chain is not known here, so that such an address is refused.
/// </summary>
internal static class EthereumAddress
{
    private const int HexLength = 40;

    public static Ruling Apply(string address)
    {
        var hex = address.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? address[2..] : address;
        if (hex.Length != HexLength || Hex.ToLower(hex) is not { } lower)
        {
            return WalletRule.Refuse(address, "it needs 0x and 40 hexadecimal digits");
        }

        var isMixed = hex.AsSpan().ContainsAnyInRange('a', 'f') && hex.AsSpan().ContainsAnyInRange('A', 'F');
        return isMixed && !HasChecksum(hex, lower)
            ? Ruling.Refuse(
                "WRONG_CHECKSUM",
                $"{Excerpt.Quote(address)} is mistyped, or its checksum is another chain's (EIP-55, ERC-1191)",
                "Copy the address anew; if it is right, give it in lower case, which has no checksum.")
            : Ruling.Accept("0x" + lower);
    }

    /// <summary>EIP-55: a letter is a capital where the same digit of the lower-case text's hash is 8 or more.</summary>
    private static bool HasChecksum(string hex, string lower)
    {
        var hash = Convert.ToHexStringLower(Keccak.Keccak256(Encoding.ASCII.GetBytes(lower)));
        for (var i = 0; i < HexLength; i++)
        {
            if (char.IsAsciiLetter(hex[i]) && char.IsAsciiLetterUpper(hex[i]) != Hex.Value(hash[i]) >= 8)
            {
                return false;
            }
        }

        return true;
    }
}
