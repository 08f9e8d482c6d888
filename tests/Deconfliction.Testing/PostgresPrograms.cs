using System.Diagnostics;

namespace Deconfliction.Testing;

/// <summary>Where PostgreSQL's programs are, and as whom they run: they refuse to run as root.</summary>
internal sealed class PostgresPrograms
{
    private const string Remedy = "Run ./test, which installs postgresql-15 by the system's packages.";
    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    /// <summary>What to put before a program's name; empty where the user is not root.</summary>
    public IReadOnlyList<string> Prefix { get; } = Environment.UserName == "root"
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        : [];

    /// <summary>Looks where <c>pg_config</c> says, then where Debian puts them; the newest version wins.</summary>
    public static async Task<PostgresPrograms> FindAsync(CancellationToken cancellationToken)
    {
        var candidates = new List<string>();
        if (File.Exists("/usr/bin/pg_config"))
        {
            candidates.Add((await RunAsync(["/usr/bin/pg_config", "--bindir"], TimeSpan.FromSeconds(10), cancellationToken)).Trim());
        }

        if (Directory.Exists("/usr/lib/postgresql"))
        {
            candidates.AddRange(Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin")));
        }

        var found = candidates.Find(folder => File.Exists(Path.Combine(folder, "initdb")));
        return found is null
            ? throw new InvalidOperationException($"These tests need a PostgreSQL server, and there is no initdb on this machine. {Remedy}")
            : new PostgresPrograms(found);
    }

    /// <summary>The full path of a program.</summary>
    public string PathOf(string program) => Path.Combine(_folder, program);

    /// <summary>Makes a folder the server's own.</summary>
    public async Task GiveAsync(string folder, CancellationToken cancellationToken)
    {
        if (Prefix.Count > 0)
        {
            await RunAsync(["chown", "postgres:postgres", folder], TimeSpan.FromSeconds(10), cancellationToken);
        }
    }

    /// <summary>Runs a program of PostgreSQL's to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public Task RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        RunAsync([.. Prefix, PathOf(program), .. arguments], limit, cancellationToken);

    private static async Task<string> RunAsync(IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellationToken)
    {
        // The server that pg_ctl leaves behind must not hold our pipes open, so what is said goes through a file.
        var said = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("said=$1; shift; exec \"$@\" >\"$said\" 2>&1 </dev/null");
            start.ArgumentList.Add("sh");
            start.ArgumentList.Add(said);
            foreach (var word in command)
            {
                start.ArgumentList.Add(word);
            }

            using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' could not be started.");
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limited.CancelAfter(limit);
            await process.WaitForExitAsync(limited.Token);
            var text = await File.ReadAllTextAsync(said, cancellationToken);
            return process.ExitCode == 0
                ? text
                : throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {process.ExitCode}: {text.Trim()}");
        }
        finally
        {
            File.Delete(said);
        }
    }
}
