using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Deconfliction.ClusterLoadTests.Sides;
using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.ClusterLoadTests.Setup;

/// <summary>One of the two ways in a process of its own: this program, started again as a side.</summary>
internal sealed class SideProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_orderLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Channel<string> _answers = Channel.CreateBounded<string>(16);

    private SideProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>What it is called in tables.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="arguments">Which side, and its settings.</param>
    /// <param name="folder">Where it is started.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SideProcess> StartAsync(string name, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var side = new SideProcess(name, new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [typeof(SideProcess).Assembly.Location, .. arguments])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
            },
        });
        side._process.Start();
        side._process.BeginOutputReadLine();
        side._process.BeginErrorReadLine();
        try
        {
            await side.ReadAsync(s_startLimit, cancellationToken);
            return side;
        }
        catch
        {
            await side.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has an order carried out.</summary>
    public async Task<Outcome> CarryOutAsync(Order order, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return JsonSerializer.Deserialize<Outcome>(await ReadAsync(s_orderLimit, cancellationToken))!;
    }

    /// <summary>Has an order carried out, with what it cost.</summary>
    public async Task<(Outcome Outcome, CpuCost Cost)> MeasureAsync(Order order, CpuSubjects subjects, CancellationToken cancellationToken)
    {
        var clock = CpuClock.Start(subjects);
        var outcome = await CarryOutAsync(order, cancellationToken);
        return (outcome, clock.Stop(outcome.Claims));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // The end of its orders is the end of its work.
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(s_stopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await _answers.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(limit, cancellationToken);
        }
        catch (Exception trouble) when (trouble is ChannelClosedException or TimeoutException)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"'{Name}' ended or said nothing for {limit.TotalSeconds} s.\n{string.Join('\n', _log)}"), trouble);
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _answers.Writer.TryComplete();
        }
        else if (line.StartsWith(SideLoop.Mark, StringComparison.Ordinal))
        {
            _answers.Writer.TryWrite(line[SideLoop.Mark.Length..]);
        }
        else
        {
            Keep(line);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }
}
