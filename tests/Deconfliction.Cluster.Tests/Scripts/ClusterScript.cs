using System.Diagnostics;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Scripts;

/// <summary>What a script ended with and said.</summary>
internal sealed record ScriptResult(int ExitCode, string Output, string Errors)
{
    /// <summary>This, if it ended as the test expects; or what it said.</summary>
    public ScriptResult Expect(int exitCode) => ExitCode == exitCode
        ? this
        : throw new InvalidOperationException($"The script ended with {ExitCode}, not {exitCode}.\n{Output}\n{Errors}");
}

/// <summary>Runs the scripts of <c>cluster/</c> on a cluster of the test's own: its state file, its ports.</summary>
internal sealed class ClusterScript(string state)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Where one lies.</summary>
    public static string PathOf(string script) => Path.Combine(Repository.Root, "cluster", script);

    /// <summary>Runs one.</summary>
    public Task<ScriptResult> RunAsync(string script, params string[] arguments) => RunProgramAsync(PathOf(script), arguments);

    /// <summary>Runs lines of the shell, such as a script printed, each only if the one before went well.</summary>
    public Task<ScriptResult> RunLinesAsync(IEnumerable<string> lines) => RunProgramAsync("/bin/bash", ["-euc", string.Join('\n', lines)]);

    private async Task<ScriptResult> RunProgramAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        start.Environment["DECONFLICTION_CLUSTER"] = state;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new ScriptResult(process.ExitCode, await output, await errors);
    }
}
