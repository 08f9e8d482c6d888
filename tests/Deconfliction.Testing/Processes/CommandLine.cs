using System.Diagnostics;
using System.Text.Json;

namespace Deconfliction.Testing.Processes;

/// <summary>What a run of <c>deconflict</c> ended with.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The JSON objects on standard output, one a line.</summary>
    public IReadOnlyList<JsonElement> Json =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>This result, if it ended with the exit status that the test expects.</summary>
    /// <exception cref="InvalidOperationException">It ended otherwise; with what it printed.</exception>
    public CommandResult Expect(int exitCode) =>
        ExitCode == exitCode
            ? this
            : throw new InvalidOperationException($"deconflict ended with {ExitCode}, not {exitCode}.\n{Output}\n{Errors}");
}

/// <summary>Runs <c>deconflict</c> as its users do, in a process of its own.</summary>
/// <param name="url">Server.</param>
/// <param name="identity">Identity file.</param>
/// <param name="authority">Authority file.</param>
public sealed class CommandLine(string url, string identity, string authority)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Where it connects to.</summary>
    public string Url => url;

    /// <summary>The agency's identity file.</summary>
    public string Identity => identity;

    /// <summary>Runs a command with <c>--json</c>.</summary>
    public Task<CommandResult> JsonAsync(params string[] words) => RunAsync(["--json", .. words]);

    /// <summary>Runs a command.</summary>
    public async Task<CommandResult> RunAsync(params string[] words)
    {
        using var process = Start(words);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var cancellation = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(cancellation.Token);
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a command without waiting for its end.</summary>
    public Process Start(params string[] words)
    {
        string[] global = ["--server", url, "--identity", identity, "--ca", authority, "--requested-by", "officer-7"];
        return Process.Start(new ProcessStartInfo("dotnet", [Repository.Program("Deconfliction.Cli", "deconflict"), .. global, .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
    }
}
