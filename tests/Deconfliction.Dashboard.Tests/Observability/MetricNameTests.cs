using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>What the shipped rules and the Grafana dashboard ask for is what a server under a little load exports.</summary>
public sealed class MetricNameTests : IDisposable
{
    private const string Token = "a secret of the tests, long enough for --ops-token";

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

        Assert.InRange(ShippedNames.Used().Distinct().Count(), 15, 60);
        Assert.Equal(ShippedNames.OnlySilos, ShippedNames.Missing(scrape));
        Assert.All(ShippedNames.OnlyWhenItHappens, name => Assert.Contains(name, ShippedNames.Used()));
        var (status, said) = await PrometheusProcess.PromtoolAsync(scrape, "check", "metrics");
        // 3 is style alone: names that .NET and OpenTelemetry chose.
        Assert.True(status is 0 or 3, said);
        Assert.DoesNotContain(said.Split('\n'), line => line.StartsWith("deconfliction_", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

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
            await Waiting.WithinAsync("the follower has ended", s_limit, watching.WaitForExitAsync());
        }

        CommandLine CommandLineOf(string agency) => new(server.Url, _folder[agency + ".pem"], server.AuthorityFile);
    }
}
