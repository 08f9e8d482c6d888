using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Balancing;

/// <summary>HAProxy with the file that is shipped; only its port and the silos' addresses are those of the test.</summary>
internal sealed class HaproxyProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private HaproxyProcess(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>The file that is shipped.</summary>
    public static string ShippedFile => Path.Combine(Repository.Root, "cluster", "haproxy", "haproxy.cfg");

    /// <summary>Where agencies connect.</summary>
    public string Url => $"https://localhost:{Port}";

    private int Port { get; }

    /// <summary>Starts it before silos, with its file in a folder, and waits until it listens.</summary>
    /// <param name="folder">Where the changed file is written.</param>
    /// <param name="silos">The silos behind it.</param>
    /// <param name="plant">A change of the file by which a test shows that it would notice.</param>
    public static async Task<HaproxyProcess> StartAsync(TemporaryFolder folder, IReadOnlyList<SiloProcess> silos, Func<string, string>? plant = null)
    {
        var port = NodeProcess.FreePort();
        var file = folder["haproxy.cfg"];
        var text = Adapt(await File.ReadAllTextAsync(ShippedFile), port, silos);
        await File.WriteAllTextAsync(file, plant?.Invoke(text) ?? text);
        var process = Process.Start(Program("-db", "-f", file))!;
        var haproxy = new HaproxyProcess(process, port);
        process.OutputDataReceived += haproxy.Keep;
        process.ErrorDataReceived += haproxy.Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Waiting.UntilAsync("HAProxy listens", Limit, async () => process.HasExited
            ? throw new InvalidOperationException($"HAProxy ended with {process.ExitCode}.\n{haproxy.Log}")
            : await ListensAsync(port));
        return haproxy;
    }

    /// <summary>Runs it to its end, and answers with its exit status and what it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(Program(arguments))!;
        using var limit = new CancellationTokenSource(Limit);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, string.Concat(said));
    }

    /// <summary>What it said.</summary>
    public string Log
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Adapt(string shipped, int port, IReadOnlyList<SiloProcess> silos)
    {
        var options = RegexOptions.Multiline | RegexOptions.ExplicitCapture;
        var limit = TimeSpan.FromMinutes(1);
        // One user runs the tests; HAProxy changes to its own only from root.
        var text = Environment.UserName == "root" ? shipped : Regex.Replace(shipped, @"^    (user|group) .*\n", "", options, limit);
        text = Regex.Replace(text, @"^    bind .*$", $"    bind 127.0.0.1:{port}", options, limit);
        text = Regex.Replace(text, @"^    server .*\n", "", options, limit);
        var servers = silos.Select(silo => string.Create(
            CultureInfo.InvariantCulture, $"    server {silo.Name} 127.0.0.1:{silo.Port} port {silo.OpsPort}"));
        return text.TrimEnd() + "\n" + string.Join('\n', servers) + "\n";
    }

    private static ProcessStartInfo Program(params string[] arguments)
    {
        var program = ((string[])["/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy"]).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests need HAProxy. Run ./test, which installs it by the system's packages.");
        return new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
    }

    /// <summary>Whether anybody listens on a port of this machine.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            _said.AppendLine(line.Data);
        }
    }
}
