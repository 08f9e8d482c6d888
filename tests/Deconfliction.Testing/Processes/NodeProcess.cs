using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Deconfliction.Testing.Processes;

/// <summary>
/// One process that serves agencies, of whichever edition: on ports of its own that it keeps over all its lives, with what tests do to
/// processes.
/// </summary>
public abstract class NodeProcess : IAsyncDisposable
{
    private const int FirstPort = 12_000;
    private const uint Ports = 5_000;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(2);
    private static int s_ports = Environment.ProcessId * 251;

    // Whose certificate it is, no test asks here: the pages are read to see how a node is.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    // For whoever looks into a failure: a folder in which every node's output is kept.
    private static readonly string? LogFolder = Environment.GetEnvironmentVariable("DECONFLICTION_NODE_LOGS");
    private readonly ConcurrentQueue<string> _log = new();
    private readonly List<Process> _lives = [];
    private volatile Process? _process;

    /// <summary>Takes two free ports.</summary>
    /// <param name="name">What it is called in messages.</param>
    protected NodeProcess(string name)
    {
        Name = name;
        Port = FreePort();
        OpsPort = FreePort();
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Port of gRPC.</summary>
    public int Port { get; }

    /// <summary>Port of the health pages.</summary>
    public int OpsPort { get; }

    /// <summary>Where agencies reach it.</summary>
    public virtual string Url => $"https://localhost:{Port}";

    /// <summary>What it printed, on both streams, over all its lives.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>What its environment has beside the tests' own.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Process id of the one that runs.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException($"{Name} is not running.");

    /// <summary>Whether its process is there, stopped by a signal or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The command that starts it: program and arguments.</summary>
    protected abstract IReadOnlyList<string> Command { get; }

    /// <summary>What opens its pages beside those of health; nothing where it has no such secret.</summary>
    protected virtual string? OpsToken => null;

    /// <summary>How its operations pages are asked for.</summary>
    protected virtual string OpsScheme => "http";

    /// <summary>Where it is started.</summary>
    protected abstract string WorkingFolder { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready within two minutes; with what it printed.</exception>
    public async Task StartAsync()
    {
        Launch();
        await ReadyAsync();
    }

    /// <summary>Starts it without waiting.</summary>
    public void Launch()
    {
        var command = Command;
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = WorkingFolder,
            },
        };
        foreach (var (name, value) in Variables)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // Workers ask meanwhile whether it runs: what they find is a process that was started, and one that has ended is let go of at the end.
        _lives.Add(process);
        _process = process;
    }

    /// <summary>Waits until the started process is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready within two minutes; with what it printed.</exception>
    public async Task ReadyAsync()
    {
        try
        {
            await Waiting.UntilAsync($"{Name} is ready", StartLimit, async () =>
                _process!.HasExited
                    ? throw new InvalidOperationException($"{Name} ended with {_process.ExitCode}.\n{Log}")
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
        return (await EndAsync(limit), Log);
    }

    /// <summary>Whether <c>/health/ready</c> answers 200.</summary>
    public async Task<bool> IsReadyAsync() => await AskReadyAsync() == HttpStatusCode.OK;

    /// <summary>What <c>/health/ready</c> answers; 0 where nobody does.</summary>
    public async Task<HttpStatusCode> AskReadyAsync() => (await GetOpsAsync("/health/ready")).Status;

    /// <summary>A page of its operations listener.</summary>
    /// <exception cref="InvalidOperationException">There is no such page, or no answer.</exception>
    public async Task<string> ReadOpsAsync(string path) => await GetOpsAsync(path) switch
    {
        (HttpStatusCode.OK, var text) => text,
        var (status, text) => throw new InvalidOperationException($"{Name} answered {path} with {(int)status}: {text}"),
    };

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await Waiting.WithinAsync($"{Name} is gone", EndLimit, _process.WaitForExitAsync());
    }

    /// <summary>SIGSTOP: it stands still, its connections stay open.</summary>
    public Task SuspendAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>SIGTERM, and waits for the graceful end.</summary>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        await SignalAsync("TERM");
        return await EndAsync(limit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (IsRunning)
        {
            await KillAsync();
        }

        _lives.ForEach(static process => process.Dispose());
    }

    /// <summary>
    /// A port that nobody listens on now, given once. Below those that the system gives to outgoing connections: one of these could take it
    /// before it is listened on, or while its process is being started again.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref s_ports) % Ports);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody is there.
            }
        }
    }

    /// <summary>Asks its operations listener; status 0 where nobody answers.</summary>
    protected virtual async Task<(HttpStatusCode Status, string Text)> GetOpsAsync(string path)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{OpsScheme}://127.0.0.1:{OpsPort}{path}"));
            if (OpsToken is { } token)
            {
                request.Headers.Authorization = new("Bearer", token);
            }

            using var answer = await Http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return (default, exception.Message);
        }
    }

    private async Task<int> EndAsync(TimeSpan limit)
    {
        using var cancellation = new CancellationTokenSource(limit);
        try
        {
            await _process!.WaitForExitAsync(cancellation.Token);
        }
        catch (OperationCanceledException problem)
        {
            throw new TimeoutException($"{Name} did not end within {limit.TotalSeconds} s.\n{Log}", problem);
        }

        return _process.ExitCode;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, ProcessId.ToString()]);
        await Waiting.WithinAsync($"SIG{signal} is sent to {Name}", EndLimit, kill.WaitForExitAsync());
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
            if (LogFolder is { Length: > 0 })
            {
                File.AppendAllText(Path.Combine(LogFolder, $"{Name}-{Port}.log"), $"{DateTime.UtcNow:HH:mm:ss.fff} {line}\n");
            }
        }
    }
}
