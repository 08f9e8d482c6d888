using System.Collections.Frozen;
using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>A cryptocurrency address with its chain, checksum verified.</summary>
internal static class WalletRule
{
    private const string Example = "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";

    private static readonly FrozenDictionary<string, (string Chain, Func<string, Ruling> Rule)> Chains =
        new Dictionary<string, (string Chain, Func<string, Ruling> Rule)>
        {
            ["bitcoin"] = ("bitcoin", Bitcoin),
            ["btc"] = ("bitcoin", Bitcoin),
            ["ethereum"] = ("ethereum", EthereumAddress.Apply),
            ["eth"] = ("ethereum", EthereumAddress.Apply),
            ["litecoin"] = ("litecoin", Litecoin),
            ["ltc"] = ("litecoin", Litecoin),
            ["dogecoin"] = ("dogecoin", Dogecoin),
            ["doge"] = ("dogecoin", Dogecoin),
            ["tron"] = ("tron", Tron),
            ["trx"] = ("tron", Tron),
            ["monero"] = ("monero", MoneroAddress.Apply),
            ["xmr"] = ("monero", MoneroAddress.Apply),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static Ruling Apply(string text)
    {
        if (!Prefixed.TrySplit(text, out var name, out var address))
        {
            return Prefixed.Missing(text, "chain", Example);
        }

        if (!Chains.TryGetValue(name, out var chain))
        {
            return Ruling.Refuse(
                "UNKNOWN_CHAIN",
                $"{Excerpt.Quote(name)} is not a known chain of addresses",
                $"Use one of: {string.Join(", ", Chains.Keys.Order(StringComparer.Ordinal))}.");
        }

        var ruling = chain.Rule(address);
        return ruling.Canonical is { } canonical ? Ruling.Accept($"{chain.Chain}:{canonical}") : ruling;
    }

    internal static Ruling Refuse(string address, string problem) => Ruling.Refuse(
        "NOT_A_WALLET_ADDRESS", $"{Excerpt.Quote(address)} is not an address: {problem}", "Copy the address anew, with capitals and small letters as they are.");

    private static Ruling Bitcoin(string address) => SegwitOrBase58(address, "bc", 0x00, 0x05);

    private static Ruling Dogecoin(string address) => CheckedBase58(address, 0x1E, 0x16);

    private static Ruling Tron(string address) => CheckedBase58(address, 0x41);

    /// <summary>Script addresses were once written with Bitcoin's version byte (3...) and are now with their own (M...): one address, so the new form.</summary>
    private static Ruling Litecoin(string address)
    {
        var ruling = SegwitOrBase58(address, "ltc", 0x30, 0x32, 0x05);
        return ruling.Canonical is ['3', ..] && Base58.DecodeChecked(address) is { } payload
            ? Ruling.Accept(Base58.EncodeChecked([0x32, .. payload[1..]]))
            : ruling;
    }

    private static Ruling SegwitOrBase58(string address, string prefix, params ReadOnlySpan<byte> versions)
    {
        if (!address.StartsWith(prefix + "1", StringComparison.OrdinalIgnoreCase))
        {
            return CheckedBase58(address, versions);
        }

        return Bech32.WhyNotSegwit(address, prefix) is { } problem ? Refuse(address, problem) : Ruling.Accept(address.ToLowerInvariant());
    }

    /// <summary>Base58Check of a version byte and 20 bytes: bytes and text are one to one, so that the text is canonical.</summary>
    private static Ruling CheckedBase58(string address, params ReadOnlySpan<byte> versions)
    {
        if (Base58.DecodeChecked(address) is not { } payload)
        {
            return Refuse(address, "its checksum is wrong (Base58Check; capitals count)");
        }

        return payload.Length == 21 && versions.Contains(payload[0])
            ? Ruling.Accept(address)
            : Refuse(address, "its version is that of another chain or of a test network");
    }
}
