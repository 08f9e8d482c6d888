using System.Security.Cryptography;
using System.Text;

namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>
/// A number for "the same hazards": it covers the built-in facts' version, the rule version that entries were read
/// under, and every list's name, type, kinds and entries. The order of entries in a list does not matter.
/// </summary>
internal static class CatalogueFingerprint
{
    /// <summary>Rises with every change of what is built in and is not data below (the rules for MACs, GUIDs, names).</summary>
    private const int BuiltInVersion = 1;

    public static string Of(IEnumerable<WarningList> lists)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, $"{BuiltInVersion}/{Canonicaliser.RuleVersion}");
        foreach (var (block, use) in BuiltInAddresses.SpecialPurpose)
        {
            Append(hash, block);
            Append(hash, use);
        }

        foreach (var (operatorName, addresses) in BuiltInAddresses.PublicResolvers)
        {
            Append(hash, operatorName);
            AppendAll(hash, addresses);
        }

        foreach (var list in lists)
        {
            Append(hash, list.Name);
            Append(hash, list.Type);
            AppendAll(hash, list.Kinds.Select(IdentifierKinds.Name));
            AppendAll(hash, list.Entries.Order(StringComparer.Ordinal));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendAll(IncrementalHash hash, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            Append(hash, text);
        }

        Append(hash, string.Empty);
    }

    /// <summary>Length first, so that no two different sequences of texts give the same bytes.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
