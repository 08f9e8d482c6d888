using System.Collections.Frozen;
using System.Text.Json;

namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>
/// Reads the JSON of MISP's warning lists (github.com/MISP/misp-warninglists, schema.json). Entries are canonicalised
/// as identifiers are, so that a list in capitals or with a trailing dot matches nonetheless.
/// </summary>
internal static class WarningListReader
{
    public const int MaximumEntries = 2_000_000;
    public const int MaximumSubstrings = 10_000;

    private static readonly IdentifierKind[] HostKinds =
        [IdentifierKind.Domain, IdentifierKind.Url, IdentifierKind.Email, IdentifierKind.Onion];

    public static WarningList Read(string name, string json)
    {
        var (type, entries, attributes) = ReadJson(name, json);
        var kinds = KindsOf(name, type, attributes);
        Func<Identifier, bool> holds = type switch
        {
            "cidr" => Cidr(name, entries),
            "string" => Exact(kinds, entries),
            "hostname" => Hostname(name, entries),
            "substring" => Substring(name, entries),
            _ => throw new FormatException(
                $"warning list '{name}': type '{Excerpt.Cut(type, 40)}' is not supported; use cidr, string, hostname or substring"),
        };
        return new WarningList(name, type, kinds, entries, holds);
    }

    private static (string Type, List<string> Entries, List<string> Attributes) ReadJson(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("list", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                throw new FormatException($"warning list '{name}': it needs to be a JSON object with an array \"list\"");
            }

            var type = root.TryGetProperty("type", out var typeValue) && typeValue.ValueKind == JsonValueKind.String
                ? typeValue.GetString()! : throw new FormatException($"warning list '{name}': it needs a \"type\", such as \"cidr\"");
            var attributes = root.TryGetProperty("matching_attributes", out var matching) ? Strings(name, "matching_attributes", matching) : [];
            return (type, Strings(name, "list", list), attributes);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"warning list '{name}': not JSON: {exception.Message}", exception);
        }
    }

    private static List<string> Strings(string name, string property, JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > MaximumEntries)
        {
            throw new FormatException($"warning list '{name}': \"{property}\" needs to be an array of at most {MaximumEntries} strings");
        }

        var strings = new List<string>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(element.GetString()))
            {
                throw new FormatException($"warning list '{name}': entry {strings.Count + 1} of \"{property}\" is not a text");
            }

            strings.Add(element.GetString()!.Trim());
        }

        return strings;
    }

    private static IdentifierKind[] KindsOf(string name, string type, List<string> attributes)
    {
        var possible = type switch
        {
            "cidr" => [IdentifierKind.Ip],
            "hostname" => HostKinds,
            _ => IdentifierKinds.All,
        };
        if (attributes.Count == 0)
        {
            return [.. possible];
        }

        var named = attributes.SelectMany(MispAttributes.KindsOf).ToFrozenSet();
        IdentifierKind[] kinds = [.. possible.Where(named.Contains)];
        return kinds.Length > 0 ? kinds : throw new FormatException(
            $"warning list '{name}': its \"matching_attributes\" name no kind that a list of type '{type}' can match");
    }

    private static Func<Identifier, bool> Cidr(string name, List<string> entries)
    {
        var hit = new Hazard("OPERATOR_LIST", name);
        foreach (var entry in entries)
        {
            if (AddressBlocks.Parse(entry) is null)
            {
                throw BadEntry(name, entry, "an address or a block in CIDR notation");
            }
        }

        var blocks = new AddressBlocks(entries.Select(entry => (entry, hit)));
        return identifier => blocks.Find(identifier.Canonical) is not null;
    }

    private static Func<Identifier, bool> Exact(IdentifierKind[] kinds, List<string> entries)
    {
        // An entry means whatever kinds accept it: lists mix addresses, names and hashes.
        var identifiers = new HashSet<Identifier>();
        foreach (var entry in entries)
        {
            foreach (var kind in kinds)
            {
                if (Canonicaliser.Canonicalise(kind, entry).Identifier is { } identifier)
                {
                    identifiers.Add(identifier);
                }
            }
        }

        var texts = entries.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        var known = identifiers.ToFrozenSet();
        return identifier => known.Contains(identifier) || texts.Contains(identifier.Canonical);
    }

    private static Func<Identifier, bool> Hostname(string name, List<string> entries)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var bare = entry.TrimStart('.').TrimEnd('.').ToLowerInvariant();
            names.Add(HostOf(bare) ?? throw BadEntry(name, entry, "a host name"));
        }

        var known = names.ToFrozenSet(StringComparer.Ordinal);
        return identifier => HostNames.Of(identifier) is { } host && HostNames.SelfAndParents(host).Any(known.Contains);
    }

    /// <summary>The entry's canonical name. A top-level domain alone is no identifier, yet lists name them.</summary>
    private static string? HostOf(string entry)
    {
        if (Canonicaliser.Canonicalise(IdentifierKind.Domain, entry).Identifier is { } domain)
        {
            return domain.Canonical;
        }

        return entry.Length is > 0 and <= 63 && entry.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? entry : null;
    }

    private static Func<Identifier, bool> Substring(string name, List<string> entries)
    {
        if (entries.Count > MaximumSubstrings)
        {
            throw new FormatException($"warning list '{name}': at most {MaximumSubstrings} substrings, for each claim is compared with each");
        }

        string[] parts = [.. entries];
        return identifier => Array.Exists(parts, part => identifier.Canonical.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    private static FormatException BadEntry(string name, string entry, string wanted) =>
        new($"warning list '{name}': entry '{Excerpt.Cut(entry, 80)}' is not {wanted}");
}
