using System.Globalization;
using System.Text.RegularExpressions;

namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>What the file for compose says fits together, and with the balancer, the image and the secrets that are made for it.</summary>
public sealed class ComposeTests
{
    private const int DrainSeconds = 30;

    private static readonly YamlValue s_file = Assert.Single(YamlValue.Read("compose", "compose.yaml"));
    private static readonly string[] s_silos = [.. s_file["services"].Keys.Where(static name => name.StartsWith("silo-", StringComparison.Ordinal))];

    [Fact]
    public void Silos_AreAskedForTheirHealthAndGetTheTimeThatTheirDrainTakes()
    {
        Assert.Equal(["silo-1", "silo-2", "silo-3"], s_silos);
        Assert.All(s_silos, static name =>
        {
            var silo = Service(name);
            Assert.Contains("GET /health/ready ", silo["healthcheck"]["test"].Items[^1].Text, StringComparison.Ordinal);
            Assert.True(int.Parse(silo["stop_grace_period"].Text.TrimEnd('s'), CultureInfo.InvariantCulture) > DrainSeconds);
            Assert.Equal("unless-stopped", silo["restart"].Text);
            Assert.Equal("service_healthy", silo["depends_on"]["postgres"]["condition"].Text);
        });
    }

    [Fact]
    public void Silos_HaveTheirOwnNamesAddressesAndSecrets()
    {
        Assert.All(s_silos, static name =>
        {
            var environment = Service(name)["environment"].Texts;
            Assert.Equal(name, environment["DECONFLICTION_SILO_NAME"]);
            Assert.Equal($"{Address(name)}:7411", environment["DECONFLICTION_SILO"]);
            Assert.Equal([$"./secrets/{name}:/run/deconfliction"], Service(name)["volumes"].Items.Select(static volume => volume.Text));
        });
        var addresses = s_file["services"].Keys.Select(Address).ToList();
        Assert.Equal(addresses.Count, addresses.Distinct().Count());
        var subnet = Assert.Single(s_file["networks"]["inside"]["ipam"]["config"].Items)["subnet"].Text;
        Assert.All(addresses, address => Assert.StartsWith(subnet[..(subnet.LastIndexOf('.') + 1)], address, StringComparison.Ordinal));
    }

    [Fact]
    public void Balancer_IsTheOnlyWayInAndLeadsToEverySilo()
    {
        Assert.Equal("true", s_file["networks"]["inside"]["internal"].Text);
        Assert.All(s_file["services"].Keys.Except(["haproxy"]), static name =>
        {
            Assert.Equal(["inside"], Service(name)["networks"].Keys);
            Assert.Null(Service(name).Find("ports"));
            Assert.Null(Service(name).Find("network_mode"));
        });
        Assert.Equal(["7443:7443"], Service("haproxy")["ports"].Items.Select(static port => port.Text));
        var servers = Regex.Matches(ShippedSettings.Read("haproxy", "haproxy.cfg"), @"^ +server (?<name>\S+) (?<address>\S+)$", RegexOptions.Multiline, TimeSpan.FromMinutes(1))
            .Select(static server => (server.Groups["name"].Value, server.Groups["address"].Value));
        Assert.Equal(s_silos.Select(static name => (name, $"{Address(name)}:7443")), servers);
    }

    [Fact]
    public void Ports_OfTheImage_AreThoseOfTheSilos()
    {
        var environment = Service("silo-1")["environment"].Texts;
        var listening = new[] { "DECONFLICTION_LISTEN", "DECONFLICTION_SILO", "DECONFLICTION_OPS" }.Select(name => environment[name].Split(':')[1]);
        var exposed = Regex.Match(ShippedSettings.Read("compose", "Dockerfile"), @"^EXPOSE (?<ports>.*)$", RegexOptions.Multiline, TimeSpan.FromMinutes(1)).Groups["ports"].Value.Split(' ');
        Assert.Equal(exposed, listening);
        Assert.Contains($"-connect 127.0.0.1:{environment["DECONFLICTION_OPS"].Split(':')[1]} ", Service("silo-1")["healthcheck"]["test"].Items[^1].Text, StringComparison.Ordinal);
        Assert.Contains($"Host={Address("postgres")};", ShippedSettings.Read("compose", "make-secrets"), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_AreFilesThatGitDoesNotTake()
    {
        Assert.All(s_file["secrets"].Keys, static name =>
        {
            Assert.Equal(["file"], s_file["secrets"][name].Keys);
            Assert.StartsWith("./secrets/", s_file["secrets"][name]["file"].Text, StringComparison.Ordinal);
        });
        Assert.Contains("\n/cluster/compose/secrets/\n", ShippedSettings.Read("..", ".gitignore"), StringComparison.Ordinal);
        foreach (var name in s_file["services"].Keys)
        {
            Assert.All(Service(name).Find("env_file")?.Items ?? [], static file => Assert.StartsWith("secrets/", file.Text, StringComparison.Ordinal));
            Assert.All(Service(name).Find("secrets")?.Items ?? [], static secret => Assert.Contains(secret.Text, s_file["secrets"].Keys));
            // Whatever is a secret by its name is the path of one; and the connection string comes by a file.
            Assert.All(Service(name).Find("environment")?.Texts ?? new Dictionary<string, string>(), static variable =>
            {
                Assert.DoesNotMatch("(?i)(?:password|pwd)\\s*=|CONNECTION", variable.Key + "=" + variable.Value);
                Assert.True(
                    !Regex.IsMatch(variable.Key, "TOKEN|KEY|PASSWORD|SECRET|HEADERS", RegexOptions.None, TimeSpan.FromMinutes(1))
                    || variable.Value.StartsWith("/run/", StringComparison.Ordinal),
                    variable.Key);
            });
        }
    }

    private static YamlValue Service(string name) => s_file["services"][name];

    private static string Address(string name) => Service(name)["networks"]["inside"]["ipv4_address"].Text;
}
