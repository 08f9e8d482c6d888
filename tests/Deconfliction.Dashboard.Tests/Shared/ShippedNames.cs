using System.Text.Json;
using System.Text.RegularExpressions;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Shared;

/// <summary>The metrics that the shipped rules and the Grafana dashboard ask for, and those that a server exports.</summary>
internal static partial class ShippedNames
{
    /// <summary>Exported from the first time on that it happens, and a little load makes none of it happen.</summary>
    public static readonly string[] OnlyWhenItHappens = ["deconfliction_shed_total"];

    /// <summary>What a solo server has nothing to say of.</summary>
    public static readonly string[] OnlySilos = ["deconfliction_silo_identity_remaining_seconds"];

    /// <summary>Where the shipped files are.</summary>
    public static string PathOf(string file) => Path.Combine(Repository.Root, "cluster", "observability", file);

    /// <summary>Those asked for, each as often as it is.</summary>
    public static IReadOnlyList<string> Used()
    {
        var rules = File.ReadAllText(PathOf("alerts.yml"));
        using var dashboard = JsonDocument.Parse(File.ReadAllText(PathOf("grafana-dashboard.json")));
        return [.. NamesIn(rules), .. Expressions(dashboard.RootElement).SelectMany(NamesIn)];
    }

    /// <summary>Those of a scrape.</summary>
    public static IReadOnlySet<string> Exported(string scrape) =>
        scrape.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0]).ToHashSet(StringComparer.Ordinal);

    /// <summary>Those asked for that a scrape lacks.</summary>
    public static IReadOnlyList<string> Missing(string scrape)
    {
        var exported = Exported(scrape);
        return [.. Used().Where(name => !exported.Contains(name) && !OnlyWhenItHappens.Contains(name)).Distinct()];
    }

    private static IEnumerable<string> NamesIn(string expression) => Name().Matches(expression).Select(match => match.Value)
        // Labels, not names of metrics.
        .Where(name => name is not ("rpc_method" or "rpc_response_status_code" or "deconfliction_lane"));

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.NameEquals("expr") || property.NameEquals("query") || property.NameEquals("definition")
                ? property.Value.ValueKind == JsonValueKind.String ? [property.Value.GetString()!] : Expressions(property.Value)
                : Expressions(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    [GeneratedRegex(@"\b(?:deconfliction|rpc|dotnet|db|http|kestrel|orleans|process|aspnetcore)_[a-z0-9_]+\b", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Name();
}
