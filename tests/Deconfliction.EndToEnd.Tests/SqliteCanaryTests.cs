using System.Diagnostics;
using System.IO.Compression;
using Deconfliction.Contract.Attacks;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.EndToEnd.Tests;

/// <summary>Attack 11 of FAULTS.md on SQLite: its files while they are written and as a kill leaves them, the backup and what making it says.</summary>
public sealed class SqliteCanaryTests
{
    [Fact]
    public async Task Values_OnSqlite_AreNowhereInClear()
    {
        await using var grid = await OnSqlite.StartAsync("--log-level", "trace");
        await Canary.UseAsync(grid);
        using var folder = new TemporaryFolder();
        await BackUpAsync(grid, folder, exitCode: 0);
        await BackUpAsync(grid, folder, exitCode: 1);
        await ZipFile.ExtractToDirectoryAsync(folder["backup"], folder["rows"]);

        Canary.AssertAbsent([.. grid.Files().Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)), .. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)], grid);
        await grid.KillAsync();
        Canary.AssertAbsent(grid.Files(), grid);
    }

    // The second one is refused, since the file is there.
    private static async Task BackUpAsync(GridUnderTest grid, TemporaryFolder folder, int exitCode)
    {
        var data = Path.GetDirectoryName(Path.GetDirectoryName(grid.AuthorityFile))!;
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Repository.Program("Deconfliction.Server", "deconfliction-server"), "backup", folder["backup"], "--data", data, "--log-level", "trace"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync();
        Assert.Equal((exitCode, ""), (process.ExitCode, process.ExitCode == exitCode ? "" : string.Concat(said)));
        await File.WriteAllTextAsync(folder[$"said-{exitCode}"], string.Concat(said));
    }
}
