using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>PostgreSQL itself: pgbench, over the server's own socket, with prepared statements. No server of anybody's, no TLS.</summary>
/// <param name="postgres">The server.</param>
/// <param name="connection">The database.</param>
/// <param name="postmaster">The server's process.</param>
/// <param name="what">What it does, for tables.</param>
/// <param name="unit">What it counts.</param>
/// <param name="script">A file with pgbench's script.</param>
internal sealed partial class PgbenchSide(PostgresServer postgres, string connection, int postmaster, string what, string unit, string script) : ISide
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_backendLimit = TimeSpan.FromSeconds(10);

    public string Name => $"pgbench: {what}";

    public string Unit => unit;

    public string Tuning => $"pgbench: {what}: -M prepared, -j {Environment.ProcessorCount}, over the server's own socket, no TLS; its table has a number as the key and one unique index";

    public IReadOnlyList<int> Callers => [1, 2, 4, 8, 16, 32, 64];

    public CpuSubjects Subjects => new([], postmaster);

    public async Task<SideRound> RunAsync(int number, TimeSpan length, CancellationToken cancellationToken)
    {
        var seconds = Math.Max(1, (int)Math.Round(length.TotalSeconds));
        var start = new ProcessStartInfo(postgres.PathOf("pgbench"))
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        string[] words =
        [
            "-n", "-M", "prepared", "-c", Text(number), "-j", Text(Math.Min(number, Environment.ProcessorCount)), "-T", Text(seconds),
            "-f", script, "-h", postgres.SocketFolder, "-p", Text(postgres.Port), "-U", "postgres", new NpgsqlConnectionStringBuilder(connection).Database!,
        ];
        Array.ForEach(words, start.ArgumentList.Add);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("pgbench could not be started.");
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(length + s_grace);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await WaitForBackendsAsync(limit.Token);
            return process.ExitCode == 0
                ? Read(await output)
                : throw new InvalidOperationException($"pgbench ended with {process.ExitCode}: {(await errors).Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>The rate and the number of transactions of pgbench's report.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    internal static SideRound Read(string report)
    {
        var (rate, count, failed) = (Rate().Match(report), Count().Match(report), Failed().Match(report));
        if (!rate.Success || !count.Success)
        {
            throw new FormatException($"pgbench's report has no rate: {report}");
        }

        return failed is { Success: true } && failed.Groups["value"].ValueSpan is not "0"
            ? throw new FormatException($"Of pgbench's transactions {failed.Groups["value"].Value} failed.")
            : new SideRound(double.Parse(rate.Groups["value"].ValueSpan, CultureInfo.InvariantCulture), long.Parse(count.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));
    }

    // A backend's processor time is its postmaster's only when it has ended.
    private async Task WaitForBackendsAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'pgbench'");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = new NpgsqlConnectionStringBuilder(connection).Database! });
        await Waiting.UntilAsync("pgbench's backends have ended", s_backendLimit, async () => (long)(await command.ExecuteScalarAsync(cancellationToken))! == 0);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^tps = (?<value>[\d.]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^number of transactions actually processed: (?<value>\d+)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Count();

    [GeneratedRegex(@"^number of failed transactions: (?<value>\d+)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Failed();
}
