using System.Diagnostics;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Silo.Tests.Setup;

/// <summary>Runs <c>deconfliction-silo</c> as its operators do, where it ends by itself.</summary>
internal static class SiloProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs it in a folder.</summary>
    public static async Task<CommandResult> RunAsync(string folder, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Repository.Program("Deconfliction.Silo", "deconfliction-silo"), .. words])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(s_limit);
        await process.WaitForExitAsync(limit.Token);
        return new CommandResult(process.ExitCode, await output, await errors);
    }
}
