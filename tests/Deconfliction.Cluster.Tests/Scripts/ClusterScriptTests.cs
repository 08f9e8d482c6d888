using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Scripts;

/// <summary>The scripts by which a cluster is tried out: from nothing to a first check, through a silo's death, to nothing.</summary>
public sealed class ClusterScriptTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Row = @"^(?<name>silo-\d+) +(\d+|ended) +(?<status>\w+(, \w+)?) ";
    private static readonly TimeSpan DeathLimit = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();

    private ClusterScript Cluster => new(_folder["state"]);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Cluster.RunAsync("down");
        _folder.Dispose();
    }

    [Fact]
    public async Task Up_ThenAFirstCheckAddKillDrainAndDown_EachDoesWhatItSays()
    {
        var up = (await Cluster.RunAsync("up", "3", "--no-build", "--port-offset", FreeOffset())).Expect(0);
        output.WriteLine(up.Output);
        Assert.Contains("A cluster of 3 is active.", up.Output, StringComparison.Ordinal);
        var check = await Cluster.RunLinesAsync(up.Output.Split('\n').Where(line => line.StartsWith("  deconflict", StringComparison.Ordinal)));
        Assert.Contains("alpha duty desk", check.Expect(0).Output.Split("looked up")[1], StringComparison.Ordinal);
        await AssertStatusAsync(0, ("silo-1", "Active"), ("silo-2", "Active"), ("silo-3", "Active"));

        // Again does nothing, and fewer ends none; one more is one more.
        Assert.DoesNotContain("asked for", (await Cluster.RunAsync("up", "3", "--no-build")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("A cluster of 3 is active.\nThat is more than the 2 asked for", (await Cluster.RunAsync("up", "2", "--no-build")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("silo-4 is active", (await Cluster.RunAsync("add")).Expect(0).Output, StringComparison.Ordinal);
        await AssertStatusAsync(0, ("silo-1", "Active"), ("silo-2", "Active"), ("silo-3", "Active"), ("silo-4", "Active"));

        Assert.Contains("silo-2 is killed", (await Cluster.RunAsync("kill", "2")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("silo-2 does not run", (await Cluster.RunAsync("kill", "2")).Expect(0).Output, StringComparison.Ordinal);
        await Waiting.UntilAsync("the others declare silo-2 dead", DeathLimit, async () => (await StatusAsync()).Silos.Contains(("silo-2", "Dead")));

        Assert.Contains("silo-3 is drained", (await Cluster.RunAsync("drain", "3")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("silo-3 does not run", (await Cluster.RunAsync("drain", "3")).Expect(0).Output, StringComparison.Ordinal);
        await AssertStatusAsync(0, ("silo-1", "Active"), ("silo-2", "Dead"), ("silo-3", "Dead"), ("silo-4", "Active"));

        // The lowest that does not run comes back under its name.
        Assert.Contains("silo-2 is active", (await Cluster.RunAsync("add")).Expect(0).Output, StringComparison.Ordinal);
        var folder = await File.ReadAllTextAsync(_folder["state"]);
        Assert.Contains("is down", (await Cluster.RunAsync("down")).Expect(0).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Trim()));
        Assert.Contains("No cluster is up.", (await Cluster.RunAsync("down")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("no cluster is up. Start one with cluster/up.", (await Cluster.RunAsync("status")).Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_WithAFolder_GoesOnFromItAfterDown()
    {
        var data = _folder["data"];
        Directory.CreateDirectory(data);
        (await Cluster.RunLinesAsync([$"chmod 711 '{_folder.Path}'"])).Expect(0); // so that the database's user can pass through
        var offset = FreeOffset();
        var first = (await Cluster.RunAsync("up", "1", "--no-build", "--port-offset", offset, "--data", data)).Expect(0);
        var lines = first.Output.Split('\n').Where(line => line.StartsWith("  deconflict", StringComparison.Ordinal)).ToList();
        (await Cluster.RunLinesAsync(lines)).Expect(0);
        (await Cluster.RunAsync("down")).Expect(0);
        Assert.True(File.Exists(Path.Combine(data, "alpha.pem")));
        (await Cluster.RunAsync("up", "1", "--no-build", "--port-offset", offset, "--data", data)).Expect(0);
        var again = await Cluster.RunLinesAsync([lines[0], lines[^1]]);
        Assert.Contains("alpha duty desk", again.Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_OnADatabaseThatIsGiven_LeavesItWithItsClaimsAndItsKeysAfterDown()
    {
        var (data, offset, connection) = (_folder["data"], FreeOffset(), await (await PostgresServer.CommonAsync()).CreateDatabaseAsync());
        var first = (await Cluster.RunAsync("up", "1", "--no-build", "--port-offset", offset, "--data", data, "--connection", connection)).Expect(0);
        var lines = first.Output.Split('\n').Where(line => line.StartsWith("  deconflict", StringComparison.Ordinal)).ToList();
        (await Cluster.RunLinesAsync(lines)).Expect(0);
        await AssertStatusAsync(0, ("silo-1", "Active"));
        var other = (await Cluster.RunAsync("up", "1", "--no-build", "--connection", connection + "_other")).Expect(1);
        Assert.Contains("a cluster is up with another database. End it with cluster/down first.", other.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(data, "postgres"))); // It has not made one of its own.

        Assert.Contains($"What it kept is in {data}.", (await Cluster.RunAsync("down")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(connection, "claim"));

        // With other keys it would find none of these claims: it does not start.
        var foreign = (await Cluster.RunAsync("up", "1", "--no-build", "--port-offset", offset, "--data", _folder["elsewhere"], "--connection", connection)).Expect(1);
        Assert.Contains("is not the one that this store was made with", foreign.Errors, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(connection, "claim"));

        // With the folder's keys it goes on, the string by the environment this time.
        var again = await Cluster.RunLinesAsync([$"export DECONFLICTION_CONNECTION='{connection}'", $"'{ClusterScript.PathOf("up")}' 1 --no-build --port-offset {offset} --data '{data}'"]);
        again.Expect(0);
        var check = (await Cluster.RunLinesAsync([lines[0], lines[^1]])).Expect(0);
        Assert.Contains("alpha duty desk", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_OfATemporaryClusterOnADatabaseThatIsGiven_KeepsTheKeysOfItsClaims()
    {
        var (temporary, offset, connection) = (_folder["tmp"], FreeOffset(), await (await PostgresServer.CommonAsync()).CreateDatabaseAsync());
        Directory.CreateDirectory(temporary);
        var up = (await Cluster.RunLinesAsync(
            [$"TMPDIR='{temporary}' '{ClusterScript.PathOf("up")}' 1 --no-build --port-offset {offset} --connection '{connection}'"])).Expect(0);
        Assert.DoesNotContain("cluster/down removes it", up.Output, StringComparison.Ordinal);

        var down = (await Cluster.RunAsync("down")).Expect(0);

        var folder = Assert.Single(Directory.EnumerateDirectories(temporary));
        Assert.Contains($"What it kept is in {folder}.", down.Output, StringComparison.Ordinal);
        (await Cluster.RunAsync("up", "1", "--no-build", "--port-offset", offset, "--data", folder, "--connection", connection)).Expect(0);
    }

    [Fact]
    public async Task Up_WhereAPortIsTaken_SaysWhichAndMakesNothing()
    {
        var offset = FreeOffset();
        foreach (var (port, use) in new[] { (7400, "the cluster's database"), (7481, "the health pages of silo-2") })
        {
            using var taken = new TcpListener(IPAddress.Loopback, port + int.Parse(offset, CultureInfo.InvariantCulture));
            taken.Start();
            var up = (await Cluster.RunAsync("up", "2", "--no-build", "--port-offset", offset, "--data", _folder["data"])).Expect(1);
            Assert.Contains($"port {((IPEndPoint)taken.LocalEndpoint).Port} of 127.0.0.1, needed for {use}, is taken.", up.Errors, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["state"]));
            Assert.False(Directory.Exists(_folder["data"]));
        }

        // Without a folder's name nothing is left either.
        using var health = new TcpListener(IPAddress.Loopback, 7481 + int.Parse(offset, CultureInfo.InvariantCulture));
        health.Start();
        var temporary = _folder["tmp"];
        Directory.CreateDirectory(temporary);
        (await Cluster.RunLinesAsync([$"TMPDIR='{temporary}' '{ClusterScript.PathOf("up")}' 2 --no-build --port-offset {offset}"])).Expect(1);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
    }

    [Fact]
    public async Task Up_ThatFailsWithItsDatabaseRunning_EndsItAndLeavesWhatWasSaidAlone()
    {
        var (data, offset) = (_folder["data"], FreeOffset());
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "pki"), "where the certificates' folder would be");
        (await Cluster.RunLinesAsync([$"chmod 711 '{_folder.Path}'"])).Expect(0); // so that the database's user can pass through

        var up = (await Cluster.RunAsync("up", "1", "--no-build", "--port-offset", offset, "--data", data)).Expect(1);

        Assert.Contains($"the keys and authorities could not be made in {data}", up.Errors, StringComparison.Ordinal);
        Assert.Contains($"what was said stays in {data}", up.Errors, StringComparison.Ordinal);
        Assert.True(IsFree(7400 + int.Parse(offset, CultureInfo.InvariantCulture)), "The database still listens.");
        Assert.Equal(
            ["init.log", "initdb.log", "pg_ctl.log", "pki", "postgres/log"],
            Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(data, file)).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(_folder["state"]));
    }

    [Fact]
    public async Task Up_WhereItMayNotWrite_SaysWhereAndWhatToDo()
    {
        // Where nobody may make a file, not even root.
        var data = (await Cluster.RunAsync("up", "1", "--no-build", "--data", "/proc/grid")).Expect(1);
        Assert.Equal($"cluster/up: /proc/grid cannot be made by this user ({Environment.UserName}): No such file or directory. Choose another --data.\n", data.Errors);
        var state = (await Cluster.RunLinesAsync([$"DECONFLICTION_CLUSTER=/proc/grid '{ClusterScript.PathOf("up")}' 1 --no-build"])).Expect(1);
        Assert.StartsWith($"cluster/up: /proc/grid.lock cannot be written by this user ({Environment.UserName}). Work as the user who", state.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_InAFolderOfOthersToo_LeavesItOpen()
    {
        (await Cluster.RunLinesAsync([$"mkdir -m 1777 '{_folder["data"]}'"])).Expect(0);
        await File.WriteAllTextAsync(Path.Combine(_folder["data"], "pki"), "where the certificates' folder would be");
        await Cluster.RunAsync("up", "1", "--no-build", "--port-offset", FreeOffset(), "--data", _folder["data"]);
        Assert.Equal("1777\n", (await Cluster.RunLinesAsync([$"stat -c %a '{_folder["data"]}'"])).Expect(0).Output);
    }

    [Theory]
    [InlineData("up", "'0' is not the number of silos", "0")]
    [InlineData("up", "'33' is not the number of silos", "33")]
    [InlineData("up", "3 and 4: give one number of silos", "3", "4")]
    [InlineData("up", "--silos is no option", "--silos")]
    [InlineData("up", "--data needs a value", "--data")]
    [InlineData("up", "'x' is not an offset of ports", "--port-offset", "x")]
    [InlineData("up", "give it as DECONFLICTION_CONNECTION in the environment", "--connection", "Host=localhost; Password = secret")]
    [InlineData("kill", "say which silo")]
    [InlineData("drain", "'one' is not the number of a silo", "one")]
    [InlineData("add", "'2' is not understood", "2")]
    public async Task Script_WronglyUsed_SaysWhatWouldBeRight(string script, string problem, params string[] arguments)
    {
        var run = (await Cluster.RunAsync(script, arguments)).Expect(2);
        Assert.Contains(problem, run.Errors, StringComparison.Ordinal);
        Assert.Contains($"cluster/{script} --help", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("status")]
    [InlineData("add")]
    [InlineData("kill")]
    [InlineData("drain")]
    [InlineData("down")]
    public async Task Script_AskedForHelp_SaysHowItIsCalled(string script) =>
        Assert.Contains($"cluster/{script}", (await Cluster.RunAsync(script, "--help")).Expect(0).Output, StringComparison.Ordinal);

    private async Task AssertStatusAsync(int exitCode, params (string, string)[] silos)
    {
        var status = await StatusAsync();
        output.WriteLine(status.Output);
        Assert.Equal(silos, status.Silos);
        Assert.Equal(exitCode, status.ExitCode);
    }

    private async Task<(int ExitCode, string Output, List<(string Name, string Status)> Silos)> StatusAsync()
    {
        var run = await Cluster.RunAsync("status");
        var rows = Regex.Matches(run.Output, Row, RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1));
        return (run.ExitCode, run.Output, [.. rows.Select(row => (row.Groups["name"].Value, row.Groups["status"].Value))]);
    }

    private static async Task<long> CountAsync(string connection, string table)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // A place where the ports of five silos and the database are free now.
    private static string FreeOffset() => Enumerable.Range(0, 50)
        .Select(_ => Random.Shared.Next(100, 400) * 100)
        .First(offset => ((int[])[7400, .. Enumerable.Range(7411, 5), .. Enumerable.Range(7443, 5), .. Enumerable.Range(7480, 5)]).All(port => IsFree(port + offset)))
        .ToString(CultureInfo.InvariantCulture);

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
