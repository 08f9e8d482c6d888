using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>A real Prometheus with the shipped rules, which scrapes and evaluates each second instead of every quarter of a minute.</summary>
internal sealed partial class PrometheusProcess : IAsyncDisposable
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Process _process;
    private readonly int _port;

    private PrometheusProcess(Process process, int port) => (_process, _port) = (process, port);

    /// <summary>Starts it on a target, with files of its own in a folder.</summary>
    public static PrometheusProcess Start(string folder, int target, string token)
    {
        var port = NodeProcess.FreePort();
        // How long something must last is the only thing that is changed: expressions are those shipped.
        File.WriteAllText(Path.Combine(folder, "alerts.yml"), ForHowLong().Replace(File.ReadAllText(ShippedNames.PathOf("alerts.yml")), "for: 1s"));
        File.WriteAllText(Path.Combine(folder, "metrics.token"), token);
        File.WriteAllText(
            Path.Combine(folder, "prometheus.yml"),
            File.ReadAllText(ShippedNames.PathOf("prometheus.yml")).Replace("_interval: 15s", "_interval: 1s", StringComparison.Ordinal)
                .Replace("127.0.0.1:7480", $"127.0.0.1:{target}", StringComparison.Ordinal));
        var process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={Path.Combine(folder, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(folder, "tsdb")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
            ]) { UseShellExecute = false, WorkingDirectory = folder })!;
        return new PrometheusProcess(process, port);
    }

    /// <summary>The names of the alerts that fire.</summary>
    public async Task<IReadOnlyList<string>> FiringAsync()
    {
        try
        {
            using var answer = JsonDocument.Parse(await s_http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/alerts")));
            return
            [
                .. answer.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
                    .Where(alert => alert.GetProperty("state").GetString() == "firing").Select(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!),
            ];
        }
        catch (HttpRequestException)
        {
            // Not up yet.
            return [];
        }
    }

    /// <summary>The value of a query that has one; nothing where it has none.</summary>
    public async Task<string?> QueryAsync(string query)
    {
        try
        {
            using var answer = JsonDocument.Parse(await s_http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/query?query={Uri.EscapeDataString(query)}")));
            var found = answer.RootElement.GetProperty("data").GetProperty("result");
            return found.GetArrayLength() == 0 ? null : found[0].GetProperty("value")[1].GetString();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>What <c>promtool</c> ends with and says.</summary>
    public static async Task<(int ExitCode, string Said)> PromtoolAsync(string input, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", words)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await Waiting.WithinAsync("Prometheus has ended", TimeSpan.FromSeconds(60), _process.WaitForExitAsync());
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"\bfor: \w+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ForHowLong();
}
