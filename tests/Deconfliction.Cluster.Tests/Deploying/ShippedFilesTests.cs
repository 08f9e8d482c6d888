using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Deconfliction.Ledger.Postgres;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>
/// A silo starts with what the files for production give it, and those who look after it (probes, the health check, monitoring) get their
/// answers as these files ask for them.
/// </summary>
public sealed class ShippedFilesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    [InlineData("systemd")]
    public async Task Silo_StartedWithTheFilesSettings_IsReadyAndTellsMonitoringOverTls(string file)
    {
        var settings = file switch { "compose" => ShippedSettings.Compose, "kubernetes" => ShippedSettings.Kubernetes, _ => ShippedSettings.Systemd };
        using var folder = new TemporaryFolder();
        await InitAsync(folder, settings.GetValueOrDefault("DECONFLICTION_TRUST_DOMAIN") is { } domain && !domain.StartsWith('$') ? domain : "deconfliction.local");
        await using var silo = new ShippedSilo(folder.Path, settings, await (await PostgresServer.CommonAsync()).CreateDatabaseAsync());

        await silo.StartAsync();

        Assert.Contains("silo-1", await silo.ReadOpsAsync("/cluster"), StringComparison.Ordinal);
        Assert.Contains("deconfliction", await silo.ReadOpsAsync("/metrics"), StringComparison.Ordinal);
        if (file == "compose")
        {
            Assert.Equal(0, await CheckHealthAsync(silo.OpsPort));
            Assert.NotEqual(0, await CheckHealthAsync(silo.SiloPort)); // It can say no.
        }

        Assert.Equal(0, await silo.StopAsync(Limit));
    }

    [Fact]
    public void Probes_AskOverTlsWhereTheSiloHasIt()
    {
        var probes = Regex.Matches(ShippedSettings.Read("kubernetes", "silos.yaml"), @"httpGet: \{.*\}", RegexOptions.None, TimeSpan.FromMinutes(1));
        Assert.Equal(3, probes.Count);
        Assert.All(probes, static probe => Assert.Contains("port: ops, scheme: HTTPS", probe.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Start_ThatWaitsForOthersAsLongAsItMay_IsEndedByNobody()
    {
        // For their first steps, twice, and for Orleans' tables; then it joins, and what it has to do itself takes its time too.
        var least = (PostgresScript.LongestWait * 3) + TimeSpan.FromMinutes(1);
        var silos = ShippedSettings.Read("kubernetes", "silos.yaml");
        var startup = silos[silos.IndexOf("startupProbe:", StringComparison.Ordinal)..silos.IndexOf("livenessProbe:", StringComparison.Ordinal)];
        var given = TimeSpan.FromSeconds(Number(startup, "periodSeconds: ([0-9]+)") * Number(startup, "failureThreshold: ([0-9]+)"));
        Assert.True(given > least, $"Kubernetes gives a start {given}, and it may take {least}.");
        var compose = TimeSpan.FromHours(Number(ShippedSettings.Read("compose", "compose.yaml"), "start_period: ([0-9]+)h"));
        Assert.True(compose > least, $"Compose gives a start {compose}, and it may take {least}.");
        // To systemd it has started as soon as it runs, and no time-out counts.
        Assert.Contains("\nType=exec\n", ShippedSettings.Read("systemd", "deconfliction-silo@.service"), StringComparison.Ordinal);

        static int Number(string text, string pattern)
        {
            var found = Regex.Match(text, pattern, RegexOptions.None, TimeSpan.FromMinutes(1));
            Assert.True(found.Success, $"There is no {pattern} in\n{text}");
            return int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void Connection_OfSystemd_IsOneThatNpgsqlTakes()
    {
        var connection = new NpgsqlConnectionStringBuilder(ShippedSettings.Systemd["DECONFLICTION_CONNECTION"]);
        Assert.Equal(("10.77.0.5", SslMode.VerifyFull), (connection.Host, connection.SslMode));
    }

    [Fact]
    public void Unit_OfSystemd_LetsTheSiloWriteWhereItWritesAndNeverGivesItUp()
    {
        var unit = ShippedSettings.Read("systemd", "deconfliction-silo@.service");
        string[] writable =
        [
            .. Values(unit, "StateDirectory").Select(static folder => $"/var/lib/{folder}"),
            .. Values(unit, "ReadWritePaths").SelectMany(static paths => paths.Split(' ')),
        ];
        Assert.Equal(["strict"], Values(unit, "ProtectSystem"));
        // DATA at every start; PKI at the first, which writes the operator's identity (FirstOperator).
        foreach (var name in (string[])["DECONFLICTION_DATA", "DECONFLICTION_PKI"])
        {
            var folder = Assert.Single(Values(unit, "Environment"), value => value.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
            Assert.Contains(writable, path => folder == path || folder.StartsWith(path + "/", StringComparison.Ordinal));
        }

        Assert.Equal(["always"], Values(unit, "Restart"));
        Assert.Equal(["0"], Values(unit, "StartLimitIntervalSec"));

        static IEnumerable<string> Values(string unit, string key) =>
            unit.Split('\n').Where(line => line.StartsWith(key + "=", StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..]);
    }

    [Fact]
    public void Secrets_OfKubernetes_HoldEveryFileAndKeyThatTheManifestsName()
    {
        var (silos, secrets) = (ShippedSettings.Read("kubernetes", "silos.yaml"), ShippedSettings.Read("kubernetes", "secrets.md"));
        string[] made = [.. Find(secrets, @"create secret generic (\S+)")];
        string[] used = [.. Find(silos, @"secretName: (\S+?)[ ,}\n]").Concat(Find(silos, @"secretKeyRef: \{ ?name: (\S+?),")).Distinct()];
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(made));
        string[] keys = [.. Find(secrets, @"--from-literal=([a-z]+)="), .. Find(secrets, @"--from-file=([a-z.-]+)=")];
        Assert.Empty(Find(silos, @"secretKeyRef: \{[^}]*key: (\S+?) ?\}").Except(keys));
        foreach (var file in Find(secrets, @"Root Certificate=/run/deconfliction/pki/([a-z.-]+)"))
        {
            Assert.Contains(secrets.Split('\n'), line => line.Contains("generic deconfliction-pki", StringComparison.Ordinal) && line.Contains($"--from-file={file}", StringComparison.Ordinal));
        }

        Assert.True(secrets.IndexOf("apply -f cluster/kubernetes/namespace.yaml", StringComparison.Ordinal) is var first and >= 0 && first < secrets.IndexOf("create secret", StringComparison.Ordinal));

        static IEnumerable<string> Find(string text, string pattern) =>
            Regex.Matches(text, pattern, RegexOptions.None, TimeSpan.FromMinutes(1)).Select(static match => match.Groups[1].Value);
    }

    private static async Task InitAsync(TemporaryFolder folder, string domain)
    {
        var (exitCode, output) = await RunAsync(
            "dotnet", Repository.Program("Deconfliction.Silo", "deconfliction-silo"), "init", "--keys", folder["keys"], "--pki", folder["pki"], "--data", folder["data"],
            "--trust-domain", domain, "--silo-name", "silo-1");
        Assert.True(exitCode == 0, output);
    }

    private static async Task<int> CheckHealthAsync(int port)
    {
        var command = ShippedSettings.HealthCheck().Select(word => word.Replace("7480", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return (await RunAsync([.. command])).ExitCode;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, string.Concat(said));
    }
}
