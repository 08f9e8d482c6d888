using System.Text.Json;
using System.Text.RegularExpressions;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>What the shipped rules and the Grafana dashboard ask for is what a server under a little load exports.</summary>
public sealed partial class MetricNameTests : IDisposable
{
    private const string Token = "a secret of the tests, long enough for --ops-token";

    // Exported from the first time on that it happens, and a little load makes none of it happen.
    private static readonly string[] s_onlyWhenItHappens = [SeriesNames.Shed.Replace('.', '_') + "_total"];
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Names_InRulesAndDashboard_AreInTheScrape()
    {
        await File.WriteAllTextAsync(_folder["ops.token"], Token);
        await using var server = new ServerProcess(_folder["data"], connection: null, "--ops-token", _folder["ops.token"]);
        Directory.CreateDirectory(server.Data);
        await server.StartAsync();
        var scrape = await ScrapeAfterLoadAsync(server);

        var exported = scrape.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0]).ToHashSet(StringComparer.Ordinal);
        var used = Used().ToList();
        Assert.InRange(used.Distinct().Count(), 15, 60);
        Assert.Empty(used.Where(name => !exported.Contains(name) && !s_onlyWhenItHappens.Contains(name)).Distinct());
        Assert.All(s_onlyWhenItHappens, name => Assert.Contains(name, used));
        var (status, said) = await PrometheusProcess.PromtoolAsync(scrape, "check", "metrics");
        // 3 is style alone: names that .NET and OpenTelemetry chose.
        Assert.True(status is 0 or 3, said);
        Assert.DoesNotContain(said.Split('\n'), line => line.StartsWith("deconfliction_", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Used()
    {
        var rules = File.ReadAllText(PrometheusProcess.Shipped("alerts.yml"));
        using var dashboard = JsonDocument.Parse(File.ReadAllText(PrometheusProcess.Shipped("grafana-dashboard.json")));
        return [.. NamesIn(rules), .. Expressions(dashboard.RootElement).SelectMany(NamesIn)];
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

    private async Task<string> ScrapeAfterLoadAsync(ServerProcess server)
    {
        var operators = new CommandLine(server.Url, server.OperatorFile, server.AuthorityFile);
        foreach (var agency in (string[])["alpha", "bravo"])
        {
            (await operators.JsonAsync(
                "agency", "add", agency, "--name", agency, "--role", "LAW_ENFORCEMENT", "--contact", $"desk@{agency}.example", "--out", _folder[agency + ".pem"])).Expect(0);
        }

        var (alpha, bravo) = (CommandLineOf("alpha"), CommandLineOf("bravo"));
        using var watching = alpha.Start("--json", "alerts", "watch");
        try
        {
            (await alpha.JsonAsync("claim", "domain", "board-x7k2.net", "--case", "N-1")).Expect(0);
            (await bravo.JsonAsync("check", "domain", "board-x7k2.net", "--case", "N-1", "--purpose", "test")).Expect(0);
            (await bravo.JsonAsync("claim", "domain", "board-x7k2.net", "--case", "N-2")).Expect(0);
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
            var scrape = "";
            await Waiting.UntilAsync("an alert is delivered", s_limit, async () =>
            {
                scrape = await http.GetStringAsync(new Uri($"http://127.0.0.1:{server.OpsPort}/metrics"));
                return scrape.Contains("deconfliction_alert_delivery_duration_seconds_count", StringComparison.Ordinal);
            });
            return scrape;
        }
        finally
        {
            watching.Kill();
            await watching.WaitForExitAsync();
        }

        CommandLine CommandLineOf(string agency) => new(server.Url, _folder[agency + ".pem"], server.AuthorityFile);
    }

    [GeneratedRegex(@"\b(?:deconfliction|rpc|dotnet|db|http|kestrel|orleans|process|aspnetcore)_[a-z0-9_]+\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
