using System.Net;
using System.Net.Sockets;
using Deconfliction.Ledger;
using Deconfliction.Silo.Tests.Identity;
using Deconfliction.Silo.Tests.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Deconfliction.Silo.Tests.Hosting;

/// <summary>A start that fails ends with one line that names what, why and the remedy.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Start_DatabaseThatDoesNotSayWhetherItWrote_IsToldInOneLine()
    {
        var connection = await (await PostgresServer.CommonAsync()).CreateDatabaseAsync();
        var options = new LedgerOptions { AuditKey = new byte[32], Exclusive = false };
        await (await LedgerFactory.OpenPostgresAsync(connection, options, NullLoggerFactory.Instance, CancellationToken.None)).DisposeAsync();
        // The first that a silo writes of its own are the check values of its keys.
        await ExecuteAsync(
            connection,
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NEW; END $$; "
            + "CREATE TRIGGER lose BEFORE INSERT ON setting FOR EACH ROW EXECUTE FUNCTION lose()");

        var said = await StartAsync(connection, $"127.0.0.1:{NodeProcess.FreePort()}");

        Assert.Equal(1, said.ExitCode);
        var line = Assert.Single(said.Errors.TrimEnd().Split('\n'));
        Assert.StartsWith("deconfliction-silo: The database did not say whether it has made a change (57P01: ", line, StringComparison.Ordinal);
        Assert.EndsWith("then start this again: what was made is found, and what was not is made then.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortForOtherSilosInUse_IsToldInOneLine()
    {
        using var there = new TcpListener(IPAddress.Loopback, 0);
        there.Start();

        var said = await StartAsync(await (await PostgresServer.CommonAsync()).CreateDatabaseAsync(), there.LocalEndpoint.ToString()!);

        Assert.Equal(1, said.ExitCode);
        Assert.Equal(
            $"deconfliction-silo: --silo is '{there.LocalEndpoint}': another program listens there already. Stop that program, or give an address and port that are free.",
            said.Errors.Trim());
    }

    [Fact]
    public async Task Start_AddressForOtherSilosOfAnotherMachine_HasARemedyThatThisOptionTakes()
    {
        var said = await StartAsync(await (await PostgresServer.CommonAsync()).CreateDatabaseAsync(), "192.0.2.7:7411");

        Assert.Equal(1, said.ExitCode);
        Assert.Equal(
            "deconfliction-silo: --silo is '192.0.2.7:7411': this machine has no such address. Give the one of this machine's addresses at which the others reach it.",
            said.Errors.Trim());
    }

    private static async Task<CommandResult> StartAsync(string connection, string silo)
    {
        using var cluster = new ClusterFolder();
        cluster.Init("--silo-name", "one");
        return await SiloProgram.RunAsync(
            cluster.Path, "--data", cluster.Path, "--connection", connection, "--silo-name", "one", "--silo", silo, "--listen", "127.0.0.1:0",
            "--ops", "127.0.0.1:0");
    }

    private static async Task ExecuteAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
