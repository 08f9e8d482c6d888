using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>The shipped alert rules in a real Prometheus, on a real server whose database and process are taken away.</summary>
public sealed class AlertTests : IDisposable
{
    private const string Token = "a secret of the tests, long enough for --ops-token";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Rules_AndConfiguration_PassPromtool()
    {
        var (rules, said) = await PrometheusProcess.PromtoolAsync("", "check", "rules", ShippedNames.PathOf("alerts.yml"));
        Assert.True(rules == 0, said);
        foreach (var file in (string[])["alerts.yml", "prometheus.yml"])
        {
            File.Copy(ShippedNames.PathOf(file), _folder[file]);
        }

        await File.WriteAllTextAsync(_folder["metrics.token"], Token);
        var (configuration, why) = await PrometheusProcess.PromtoolAsync("", "check", "config", _folder["prometheus.yml"]);
        Assert.True(configuration == 0, why);
    }

    [Fact]
    public void Rules_AllOfThem_HaveTheirEntryInTheRunbook()
    {
        var runbook = File.ReadAllText(Path.Combine(Repository.Root, "docs", "alerts.md"));
        var alerts = File.ReadAllLines(ShippedNames.PathOf("alerts.yml")).Where(line => line.Contains("- alert:", StringComparison.Ordinal))
            .Select(line => line.Split(':')[1].Trim()).ToList();
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Contains($"### {alert}\n", runbook, StringComparison.Ordinal));
        Assert.All(alerts, alert => Assert.Contains($"runbook: docs/alerts.md#{alert.ToLowerInvariant()}\n", File.ReadAllText(ShippedNames.PathOf("alerts.yml")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alerts_WhenTheDatabaseOrTheServerIsGone_Fire()
    {
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None);
        await File.WriteAllTextAsync(_folder["ops.token"], Token);
        await using var server = new ServerProcess(_folder["data"], await postgres.CreateDatabaseAsync(), "--ops-token", _folder["ops.token"]);
        Directory.CreateDirectory(server.Data);
        await server.StartAsync();
        var agency = await AddAgencyAsync(server);
        await using var prometheus = PrometheusProcess.Start(_folder.Path, server.OpsPort, Token);
        await Waiting.UntilAsync("the server is scraped, with its token, and ready", s_limit, async () => await prometheus.QueryAsync("deconfliction_server_ready") == "1");
        Assert.Empty(await prometheus.FiringAsync());

        await postgres.StopAtOnceAsync();
        // Agencies go on to ask, and are refused.
        using var end = new CancellationTokenSource();
        var asking = AskAsync(agency, end.Token);
        await FiresAsync(prometheus, "DeconflictionNotReady");
        await await Task.WhenAny(FiresAsync(prometheus, "DeconflictionUnavailable"), asking);
        Assert.False(asking.IsCompleted);
        await postgres.StartAsync();
        await end.CancelAsync();
        await asking;
        await Waiting.UntilAsync("the alert is over", s_limit, async () => !(await prometheus.FiringAsync()).Contains("DeconflictionNotReady"));
        await server.KillAsync();
        await FiresAsync(prometheus, "DeconflictionNodeDown");
    }

    public void Dispose() => _folder.Dispose();

    private static Task FiresAsync(PrometheusProcess prometheus, string alert) =>
        Waiting.UntilAsync($"{alert} fires", s_limit, async () => (await prometheus.FiringAsync()).Contains(alert));

    private static async Task AskAsync(CommandLine agency, CancellationToken cancellationToken)
    {
        for (var number = 0; !cancellationToken.IsCancellationRequested; number++)
        {
            var asked = await agency.JsonAsync("check", "domain", $"asked-{number}.example.net", "--case", "A-1", "--purpose", "test");
            Assert.True(asked.ExitCode != 2, asked.Errors);
        }
    }

    private async Task<CommandLine> AddAgencyAsync(ServerProcess server)
    {
        var operators = new CommandLine(server.Url, server.OperatorFile, server.AuthorityFile);
        (await operators.JsonAsync(
            "agency", "add", "alpha", "--name", "Alpha", "--role", "LAW_ENFORCEMENT", "--contact", "desk@alpha.example", "--out", _folder["alpha.pem"])).Expect(0);
        return new CommandLine(server.Url, _folder["alpha.pem"], server.AuthorityFile);
    }
}
