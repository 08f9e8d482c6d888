using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Deconfliction.Testing.Processes;

/// <summary>
/// A <c>deconfliction-server</c> of its own process, on ports and a data folder of its own; it can be killed and started again
/// on the same ones.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentQueue<string> _log = new();
    private readonly string[] _options;
    private Process? _process;

    /// <summary>Prepares a server; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="connection">PostgreSQL's connection string; nothing means SQLite.</param>
    /// <param name="more">More options.</param>
    public ServerProcess(string data, string? connection = null, params string[] more)
    {
        Data = data;
        Port = FreePort();
        OpsPort = FreePort();
        string[] store = connection is null ? [] : ["--store", "postgres", "--connection", connection];
        _options = ["--data", data, "--listen", $"127.0.0.1:{Port}", "--ops", $"127.0.0.1:{OpsPort}", .. store, .. more];
    }

    /// <summary>Its data folder.</summary>
    public string Data { get; }

    /// <summary>Port of gRPC.</summary>
    public int Port { get; }

    /// <summary>Port of the health pages.</summary>
    public int OpsPort { get; }

    /// <summary>Where agencies reach it.</summary>
    public string Url => $"https://localhost:{Port}";

    /// <summary>The authority's certificate.</summary>
    public string AuthorityFile => Path.Combine(Data, "pki", "ca.pem");

    /// <summary>The operator's identity.</summary>
    public string OperatorFile => Path.Combine(Data, "pki", "operator.pem");

    /// <summary>What it printed, on both streams, over all its lives.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Process id of the one that runs.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready within a minute; with what it printed.</exception>
    public async Task StartAsync()
    {
        Launch();
        try
        {
            await Waiting.UntilAsync("the server is ready", StartLimit, async () =>
                _process!.HasExited
                    ? throw new InvalidOperationException($"The server ended with {_process.ExitCode}.\n{Log}")
                    : await IsReadyAsync());
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{Log}", exception);
        }
    }

    /// <summary>Starts it without waiting, and answers with what it ended with and printed.</summary>
    public async Task<(int ExitCode, string Output)> RunToEndAsync(TimeSpan limit)
    {
        Launch();
        using var cancellation = new CancellationTokenSource(limit);
        await _process!.WaitForExitAsync(cancellation.Token);
        return (_process.ExitCode, Log);
    }

    /// <summary>Whether <c>/health/ready</c> answers 200.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{OpsPort}/health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for the graceful end.</summary>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        using var signal = Process.Start("kill", ["-TERM", $"{ProcessId}"]);
        await signal.WaitForExitAsync();
        using var cancellation = new CancellationTokenSource(limit);
        await _process!.WaitForExitAsync(cancellation.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Launch()
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("Deconfliction.Server", "deconfliction-server"), .. _options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Data,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }
}
