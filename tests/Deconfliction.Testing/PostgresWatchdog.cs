using System.Diagnostics;

namespace Deconfliction.Testing;

/// <summary>
/// A shell that waits for the end of its standard input, which comes when this process ends in whatever way (also kill -9), then
/// stops the server and removes its folder: no orphan is left behind.
/// </summary>
internal sealed class PostgresWatchdog : IAsyncDisposable
{
    // Ctrl-C goes to the whole process group, hence the trap; the output is closed so that no test runner waits for it.
    private const string Script =
        """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        data=$1; folder=$2; shift 2
        read -r _
        "$@" stop --pgdata "$data" --mode=immediate --wait --timeout=30
        rm -rf -- "$folder"
        """;

    private readonly Process _shell;

    private PostgresWatchdog(Process shell) => _shell = shell;

    /// <summary>Starts watching.</summary>
    public static PostgresWatchdog Start(PostgresPrograms programs, string dataFolder, string folder)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var word in (string[])["-c", Script, "sh", dataFolder, folder, .. programs.Prefix, programs.PathOf("pg_ctl")])
        {
            start.ArgumentList.Add(word);
        }

        return new PostgresWatchdog(Process.Start(start) ?? throw new InvalidOperationException("/bin/sh could not be started."));
    }

    /// <summary>Lets it do its work now, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _shell.WaitForExitAsync(limit.Token);
        _shell.Dispose();
    }
}
