using System.CommandLine;
using System.Globalization;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.LoadTests.Rows;

/// <summary>What <c>loadtests/run</c> runs: the rows, one after another, each on a database of its own.</summary>
internal static class RowProgram
{
    private static readonly TimeSpan s_syncLength = TimeSpan.FromSeconds(1);

    private static readonly IRow[] s_rows =
    [
        new ClaimsRow(), new ImportRow(), new ChecksRow(), new SiloRow(), PacedRow.Claims(), PacedRow.OfChecks(), new AlertsRow(), new BulkRow(), new HotRow(),
        new AllocationsRow(), new GoodputRow(), new StormRow(), new LargeRow(),
    ];

    /// <summary>Names of the rows, in the order of the table.</summary>
    public static IReadOnlyList<string> Names => [.. s_rows.Select(static row => row.Name)];

    /// <summary>Runs it.</summary>
    /// <param name="args">The command line.</param>
    public static Task<int> RunAsync(string[] args) => RowCommand.Build(Names, RunAsync).Parse(args)
        .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });

    private static async Task<int> RunAsync(RowOptions options, CancellationToken cancellationToken)
    {
        IRow[] rows = [.. s_rows.Where(row => options.Only.Count > 0 ? options.Only.Contains(row.Name, StringComparer.Ordinal) : row.IsLarge == options.IsLarge)];
        RunResult setting;
        await using (var server = await PostgresServer.StartNewAsync(cancellationToken))
        {
            if (ObstacleOf(rows, server) is { } obstacle)
            {
                await Console.Error.WriteLineAsync($"loadtests/run: {obstacle}");
                return 1;
            }

            setting = await SettingAsync(server);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Limit);
        var progress = new Progress(Console.Error, !Console.IsErrorRedirected);
        var results = new List<RowResult>();
        var broken = new List<string>();
        foreach (var row in rows)
        {
            try
            {
                results.Add(await MeasureAsync(row, setting.Setting, options, progress, limit.Token));
            }
            catch (Exception stopped) when (limit.IsCancellationRequested)
            {
                progress.Say($"stopped by a signal, or after {options.Limit.TotalMinutes} minutes, in {row.Name}: {stopped.Message}");
                broken.Add(row.Name);
                break;
            }
            catch (Exception failure)
            {
                // One row that cannot be measured, for whatever reason, does not take with it what was measured before; the run ends with an
                // error all the same.
                progress.Say($"{row.Name} failed: {failure}");
                broken.Add(row.Name);
            }
        }

        if (results.Count > 0)
        {
            await WriteAsync(options, setting with { Rows = results }, broken);
        }

        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task<RowResult> MeasureAsync(IRow row, string setting, RowOptions options, Progress progress, CancellationToken cancellationToken)
    {
        var result = new RowResult
        {
            Row = row.Name,
            At = DateTimeOffset.UtcNow,
            Rounds = string.Create(CultureInfo.InvariantCulture, $"{options.Rounds} of {options.Length.TotalSeconds:0} s{(options.IsQuick ? ", quick" : "")}"),
            Commit = options.Commit,
            Setting = setting,
            LoadBefore = Machine.Read().LoadBefore,
            SyncsPerSecond = ReadDisk(),
            CacheReadNanoseconds = CacheRead.Measure(),
        };
        progress.Say(string.Create(CultureInfo.InvariantCulture, $"{row.Name}: the disk makes 8 kB durable {result.SyncsPerSecond:N0} times a second, a read among 8 MB takes {result.CacheReadNanoseconds:N0} ns; starting a PostgreSQL"));
        await using var bench = await RowBench.StartAsync(options, progress, result, cancellationToken);
        await row.RunAsync(bench, cancellationToken);
        return result;
    }

    private static double ReadDisk()
    {
        using var folder = new TemporaryFolder();
        return DiskSync.Measure(folder.Path, s_syncLength).Count / s_syncLength.TotalSeconds;
    }

    // What would spoil a run, found before it begins.
    private static string? ObstacleOf(IEnumerable<IRow> rows, PostgresServer server)
    {
        if (FileSystem() is "tmpfs" or "ramfs")
        {
            return $"{Path.GetTempPath()} lies in memory ({FileSystem()}), and a commit there is not durable. Set TMPDIR to a folder on a disk.";
        }

        return rows.Any(static row => row is ClaimsRow or ImportRow or ChecksRow) && !File.Exists(server.PathOf("pgbench"))
            ? "pgbench is missing, against which claims, import and checks are measured. Debian's packages of PostgreSQL's server have it; "
                + "elsewhere it may be in postgresql-contrib. Or name other rows with --only."
            : null;
    }

    private static string FileSystem() => DriveInfo.GetDrives()
        .Where(static drive => Path.GetTempPath().StartsWith(drive.RootDirectory.FullName, StringComparison.Ordinal))
        .MaxBy(static drive => drive.RootDirectory.FullName.Length)?.DriveFormat ?? "unknown";

    private static async Task<RunResult> SettingAsync(PostgresServer server)
    {
        var machine = Machine.Read();
        return new RunResult
        {
            Machine = $"{machine.Processors} processors ({machine.Processor}), {machine.MemoryGigabytes:0.#} GB, {machine.System}, {FileSystem()}, {machine.WriteBack}",
            Versions = $"{machine.Runtime}, {await VersionAsync(server)}, Npgsql {typeof(NpgsqlConnection).Assembly.GetName().Version?.ToString(3)}",
            Database = $"One PostgreSQL a row, as initdb leaves it but for {string.Join(", ", RowBench.DatabaseSettings)}; commits are durable (fsync and synchronous_commit on).",
        };
    }

    private static async Task WriteAsync(RowOptions options, RunResult run, List<string> broken)
    {
        Console.WriteLine(RowMarkdown.Write(run));
        if (broken.Count > 0)
        {
            Console.WriteLine($"Broken off or failed: {string.Join(", ", broken)}. Nothing is kept of these.");
        }

        if (options.Keep is not { } path)
        {
            return;
        }

        var whole = await KeptResults.AddAsync(path, run, Names);
        if (options.Readme is { } readme)
        {
            await File.WriteAllTextAsync(readme, ReadmeTable.Replace(await File.ReadAllTextAsync(readme), RowMarkdown.Table(whole) + RowMarkdown.Origin(whole, path + ".md")));
        }
    }

    private static async Task<string> VersionAsync(PostgresServer server)
    {
        await using var database = NpgsqlDataSource.Create(server.ConnectionString("postgres") + ";Pooling=false");
        await using var command = database.CreateCommand("SHOW server_version");
        return $"PostgreSQL {await command.ExecuteScalarAsync()}";
    }
}
