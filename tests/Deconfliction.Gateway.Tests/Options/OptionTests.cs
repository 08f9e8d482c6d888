using Deconfliction.Server.Options;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Options;

/// <summary>Each error names the option, its value, where it was set and what would be right.</summary>
public sealed class OptionTests
{
    [Theory]
    [InlineData("--listen is 'foo' (on the command line); give ADDRESS:PORT", "--listen", "foo")]
    [InlineData("--listen is '7443'", "--listen", "7443")]
    [InlineData("--listen is '127.1:7443'", "--listen", "127.1:7443")]
    [InlineData("--listen is '127.0.0.1:70000'", "--listen", "127.0.0.1:70000")]
    [InlineData("--ops is '0.0.0.0:7480' (on the command line); give a loopback address", "--ops", "0.0.0.0:7480")]
    [InlineData("--ops is '10.0.0.5:7480' (on the command line); give a loopback address", "--ops", "10.0.0.5:7480", "--ops-reach", "loopback")]
    [InlineData("--ops-reach is 'everybody' (on the command line); give one of: loopback, network", "--ops-reach", "everybody")]
    [InlineData("--ops is '127.0.0.1:7443' (on the command line); give another port than --listen, which is 127.0.0.1:7443.", "--ops", "127.0.0.1:7443")]
    [InlineData("--ops is '127.0.0.1:7480' (by default); give another port than --listen, which is 0.0.0.0:7480.", "--listen", "0.0.0.0:7480")]
    [InlineData("--ops is '127.0.0.1:7480' (by default); give another port than --listen, which is [::]:7480.", "--listen", "[::]:7480")]
    [InlineData("--store is 'mysql' (on the command line); give one of: sqlite, postgres", "--store", "mysql")]
    [InlineData("--connection is missing", "--store", "postgres")]
    [InlineData("--connection is '(hidden)'", "--connection", "Password=secret")]
    [InlineData("--connection is '(hidden)' (on the command line); give Npgsql's form with a Host", "--store", "postgres", "--connection", "postgresql://grid:secret'@host/db")]
    [InlineData("--connection is '(hidden)' (on the command line); give Npgsql's form with a Host", "--store", "postgres", "--connection", "Host=h;Passwort=secret'")]
    [InlineData("--connection is '(hidden)' (on the command line); give Npgsql's form with a Host", "--store", "postgres", "--connection", "Database=d")]
    [InlineData("--trust-domain is 'Not A Domain'", "--trust-domain", "Not A Domain")]
    [InlineData("--server-name is 'a b'", "--server-name", "a b")]
    [InlineData("--authority is 'nowhere.pem'", "--authority", "nowhere.pem")]
    [InlineData("--hazards is 'nowhere.json'", "--hazards", "nowhere.json")]
    [InlineData("--checks-per-minute is '0' (on the command line); give a whole number from 1", "--checks-per-minute", "0")]
    [InlineData("--claims-per-minute is '-3'", "--claims-per-minute", "-3")]
    [InlineData("--claim-days is '400' (on the command line); give at most --max-claim-days, which is 365", "--claim-days", "400")]
    [InlineData("--expiry-notice-days is '180'", "--expiry-notice-days", "180")]
    [InlineData("--keep-audit-days is '364' (on the command line); give at least 30", "--keep-audit-days", "364")]
    [InlineData("--crowd-reopens-below is '26'", "--crowd-reopens-below", "26")]
    [InlineData("--max-window-days is '1.5'", "--max-window-days", "1.5")]
    [InlineData("--default-disclosure is 'secret'", "--default-disclosure", "secret")]
    [InlineData("--log-level is 'loud'", "--log-level", "loud")]
    [InlineData("--frobnicate is no option", "--frobnicate", "1")]
    [InlineData("--listen needs a value", "--listen")]
    [InlineData("--data is given twice", "--data", "a", "--data", "b")]
    public void Read_WrongValue_SaysWhatWouldBeRight(string problem, params string[] arguments)
    {
        var (options, problems) = Read(arguments);
        Assert.Null(options);
        Assert.Contains(problems, text => text.StartsWith(problem, StringComparison.Ordinal));
        Assert.DoesNotContain(problems, text => text.Contains("secret'", StringComparison.Ordinal) && text.StartsWith("--connection", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OpsOnTheNetworkWhereItIsSaidSo_IsTaken()
    {
        var (options, problems) = Read(["--ops", "10.0.0.5:7480", "--ops-reach", "network"]);
        Assert.Empty(problems);
        Assert.Equal("10.0.0.5:7480", options!.Ops.ToString());
    }

    [Fact]
    public void Read_Nothing_GivesTheDefaults()
    {
        var (options, problems) = Read([]);
        Assert.Empty(problems);
        Assert.Equal(
            ("./data", "127.0.0.1:7443", "127.0.0.1:7480", StoreKind.Sqlite, "deconfliction.local", 180, 31),
            (options!.Data, options.Listen.ToString(), options.Ops.ToString(), options.Store, options.TrustDomain.Name, options.ClaimDays, options.MaximumWindowDays));
    }

    [Fact]
    public void Read_CommandLineOverEnvironmentOverSettings()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.json"], """{ "Deconfliction": { "Data": "file", "TrustDomain": "file.example", "CrowdCap": 40, "ServerName": ["a", "b"] } }""");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DECONFLICTION_DATA"] = "environment", ["DECONFLICTION_TRUST_DOMAIN"] = "environment.example",
        };
        var (options, problems) = new OptionReader(OptionSources.Read(["--data=line"], environment.GetValueOrDefault, folder["s.json"])).Read();
        Assert.Empty(problems);
        Assert.Equal(("line", "environment.example", 40), (options!.Data, options.TrustDomain.Name, options.CrowdCap));
        Assert.Equal(["a", "b"], options.ServerNames);
    }

    [Fact]
    public void Read_WrongInEnvironmentAndSettings_SaysWhere()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.json"], """{ "Deconfliction": { "CrowdCapp": 40, "ClaimDays": "x" } }""");
        var (_, problems) = new OptionReader(OptionSources.Read([], name => name == "DECONFLICTION_OPS" ? "x" : null, folder["s.json"])).Read();
        Assert.Contains(problems, text => text.Contains("\"CrowdCapp\"", StringComparison.Ordinal));
        Assert.Contains(problems, text => text.StartsWith($"--claim-days is 'x' (from {folder["s.json"]})", StringComparison.Ordinal));
        Assert.Contains(problems, text => text.StartsWith("--ops is 'x' (from DECONFLICTION_OPS)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DECONFLICTION_DATTA", "DECONFLICTION_DATA")]
    [InlineData("DECONFLICTION_DTAA", "DECONFLICTION_DATA")]
    [InlineData("DECONFLICTION_LISTN", "DECONFLICTION_LISTEN")]
    [InlineData("DECONFLICTION_OPS_TOKN", "DECONFLICTION_OPS_TOKEN")]
    [InlineData("DECONFLICTION_TRUSTDOMAIN", "DECONFLICTION_TRUST_DOMAIN")]
    [InlineData("DECONFLICTION__CLAIM_DAYS", "DECONFLICTION_CLAIM_DAYS")]
    [InlineData("Deconfliction_Data", "DECONFLICTION_DATA")]
    public void Variable_LikeAnOptions_IsAProblemThatNamesTheRightOne(string name, string right)
    {
        var sources = Judged(OptionTable.Server, name);
        Assert.Equal($"{name} is no option. Write {right}, or unset it.", Assert.Single(sources.Problems));
        Assert.Empty(sources.Notices);
        Assert.Null(new OptionReader(sources).Read().Options);
    }

    [Theory]
    [InlineData("DECONFLICTION_CLUSTER")]
    [InlineData("DECONFLICTION_FAULT_SECONDS")]
    [InlineData("DECONFLICTION_NODE_LOGS")]
    [InlineData("DECONFLICTION_IMAGES_SECONDS")]
    [InlineData("DECONFLICTION_SILO_NAME")]
    [InlineData("DECONFLICTION_KEYS")]
    [InlineData("DECONFLICTION_SERVICE_HOST")]
    public void Variable_OfOthers_IsNoticedOnly(string name)
    {
        var sources = Judged(OptionTable.Server, name);
        Assert.Empty(sources.Problems);
        Assert.StartsWith(name, Assert.Single(sources.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_OfAllOptions_AreNeither()
    {
        var sources = Judged(OptionTable.Server, [.. OptionTable.Server.Options.Select(option => option.Variable), "PATH"]);
        Assert.Empty(sources.Problems);
        Assert.Empty(sources.Notices);
    }

    [Fact]
    public void Authorities_OfOneDomain_AreRefused()
    {
        using var folder = new TemporaryFolder();
        using var authority = Setup.TestAuthority.Create("one.example");
        var (one, two) = (authority.Save(folder["1.pem"]), authority.Save(folder["2.pem"]));
        Assert.StartsWith(
            $"--authority is '{two}' (on the command line); give one file for each trust domain", Assert.Single(Read(["--authority", one, "--authority", two]).Problems), StringComparison.Ordinal);
        Assert.Equal("one.example", Assert.Single(Read(["--authority", one]).Options!.Authorities).Domain.Name);
    }

    private static OptionSources Judged(OptionTable table, params string[] names)
    {
        var sources = OptionSources.Read(table, [], _ => null, "no-such-file.json");
        sources.JudgeVariables(names);
        return sources;
    }

    private static (ServerOptions? Options, IReadOnlyList<string> Problems) Read(string[] arguments) =>
        new OptionReader(OptionSources.Read(arguments, _ => null, "no-such-file.json")).Read();
}
