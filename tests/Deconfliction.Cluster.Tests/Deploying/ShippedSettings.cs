using System.Text.RegularExpressions;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>What a silo is started with by each of the files for production, as its name and value stand there.</summary>
internal static class ShippedSettings
{
    private const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.ExplicitCapture;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>By compose: the environment of all silos and of the first one.</summary>
    public static Dictionary<string, string> Compose => Pairs(Section(Read("compose", "compose.yaml"), "x-environment:", "\nservices:")
        + Section(Read("compose", "compose.yaml"), "  silo-1:", "  silo-2:"), @"^ +(?<name>DECONFLICTION_[A-Z_]+): (?<value>.*)$");

    /// <summary>By Kubernetes: the environment of the pod.</summary>
    public static Dictionary<string, string> Kubernetes =>
        Pairs(Read("kubernetes", "silos.yaml"), @"^ +- \{name: (?<name>DECONFLICTION_[A-Z_]+), value: (?<value>.*)\}$");

    /// <summary>By systemd: both files, and what the unit itself sets.</summary>
    public static Dictionary<string, string> Systemd => Pairs(
        Read("systemd", "silo.env") + Read("systemd", "silo-1.env")
        + Read("systemd", "deconfliction-silo@.service").Replace("\nEnvironment=", "\n", StringComparison.Ordinal), @"^(?<name>DECONFLICTION_[A-Z_]+)=(?<value>.*)$");

    /// <summary>A file for production.</summary>
    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, "cluster", .. path])) + "\n";

    /// <summary>The health check of compose, as the program and arguments that it runs.</summary>
    public static string[] HealthCheck()
    {
        var line = Regex.Match(Read("compose", "compose.yaml"), @"^ +test: (?<test>\[.*/health/ready.*\])$", Lines, Limit).Groups["test"].Value;
        var words = System.Text.Json.JsonSerializer.Deserialize<string[]>(line)!;
        return words is ["CMD", .. var command] ? [.. command.Select(static word => word.Replace("$$", "$", StringComparison.Ordinal))] : throw new InvalidOperationException(line);
    }

    private static string Section(string text, string from, string to) =>
        text[text.IndexOf(from, StringComparison.Ordinal)..] is var rest ? rest[..rest.IndexOf(to, StringComparison.Ordinal)] : "";

    private static Dictionary<string, string> Pairs(string text, string pattern) => Regex.Matches(text, pattern, Lines, Limit)
        .ToDictionary(static one => one.Groups["name"].Value, static one => one.Groups["value"].Value.Trim('"', '\r'), StringComparer.Ordinal);
}
