using System.Net;
using System.Net.Sockets;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Server.Hosting;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Tests.Hosting;

/// <summary>A server whose listeners cannot all stand never says that it is ready, and names the one that does not.</summary>
public sealed class ListeningTests
{
    [Theory]
    [InlineData("--listen")]
    [InlineData("--ops")]
    public async Task Start_PortInUse_NamesItsOption_AndIsNeverReady(string option)
    {
        using var there = new TcpListener(IPAddress.Loopback, 0);
        there.Start();

        var (told, log) = await StartAsync(option, there.LocalEndpoint.ToString()!);

        Assert.Equal(
            $"{option} is '{there.LocalEndpoint}': another program listens there already. Stop that program, or give an address and port that are free.", told);
        Assert.DoesNotContain("The server is now: ready", log);
    }

    [Theory]
    [InlineData("--listen", "192.0.2.7:0")]
    [InlineData("--ops", "192.0.2.7:0", "--ops-reach", "network")]
    public async Task Start_AddressOfAnotherMachine_NamesItsOption_AndIsNeverReady(string option, string value, params string[] more)
    {
        var (told, log) = await StartAsync(option, value, more);

        Assert.Equal(
            $"{option} is '{value}': this machine has no such address. Give an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all that it has.", told);
        Assert.DoesNotContain("The server is now: ready", log);
    }

    private static async Task<(string Told, string Log)> StartAsync(string option, string value, params string[] more)
    {
        using var folder = new TemporaryFolder();
        using var log = new CapturedLog();
        using var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var other = option == "--ops" ? "--listen" : "--ops";
        var (options, problems) = TestServer.Options(["--data", folder.Path, option, value, other, "127.0.0.1:0", .. more]);
        Assert.Empty(problems);
        var refused = await Assert.ThrowsAsync<StartException>(
            () => ServerHost.StartAsync(options!, TimeProvider.System, logging, CancellationToken.None));
        return (refused.Message, log.Text);
    }
}
