using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing;
using Npgsql;

namespace Deconfliction.LoadTests.Rows;

/// <summary>What one row has: the options, a PostgreSQL of its own, and where its figures go.</summary>
internal sealed class RowBench : IAsyncDisposable
{
    /// <summary>
    /// The database's settings, the same for every side: room for what is measured, and no checkpoint in the middle of every round. What
    /// bears on durability is left as it comes.
    /// </summary>
    public static readonly string[] DatabaseSettings = ["shared_buffers=1GB", "max_wal_size=8GB", "min_wal_size=4GB", "checkpoint_timeout=30min"];

    // 16 MB each: more than a row writes.
    private const int LogFilesAhead = 160;
    private const int LogFilesAheadQuick = 32;

    private readonly PostgresServer _postgres;

    private RowBench(RowOptions options, Progress progress, PostgresServer postgres, int postmaster, RowResult result) =>
        (Options, Progress, _postgres, Postmaster, Result) = (options, progress, postgres, postmaster, result);

    /// <summary>How thoroughly.</summary>
    public RowOptions Options { get; }

    /// <summary>Where it is said what goes on.</summary>
    public Progress Progress { get; }

    /// <summary>Where figures go.</summary>
    public RowResult Result { get; }

    /// <summary>The database server.</summary>
    public PostgresServer Postgres => _postgres;

    /// <summary>Its process.</summary>
    public int Postmaster { get; }

    /// <summary>How long an open loop runs before it counts.</summary>
    public TimeSpan OpenWarmUp => TimeSpan.FromSeconds(Options.IsQuick ? 1 : 3);

    /// <summary>Starts the row's PostgreSQL.</summary>
    public static async Task<RowBench> StartAsync(RowOptions options, Progress progress, RowResult result, CancellationToken cancellationToken)
    {
        var postgres = await PostgresServer.StartNewAsync(cancellationToken, settings: DatabaseSettings);
        try
        {
            var postmaster = await GridOnTrial.PostmasterAsync(postgres.ConnectionString("postgres"), cancellationToken);
            await UseLogFilesAsync(postgres.ConnectionString("postgres"), options.IsQuick ? LogFilesAheadQuick : LogFilesAhead, cancellationToken);
            return new RowBench(options, progress, postgres, postmaster, result);
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A database that has run for a while writes its log into files that it has used before. A fresh one makes and zeroes 16 MB at a time
    /// while everybody waits (15 to 100 ms here, once a second under claims), which would be measured in its place.
    /// </summary>
    private static async Task UseLogFilesAsync(string connectionString, int count, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        // A switch in a file that nothing was written to would be none.
        command.CommandText = "SELECT pg_logical_emit_message(false, 'ahead', ''), pg_switch_wal()";
        for (var made = 0; made < count; made++)
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        command.CommandText = "CHECKPOINT";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A fresh database's connection string.</summary>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken) => _postgres.CreateDatabaseAsync(cancellationToken: cancellationToken);

    /// <summary>Starts a server of the grid on a fresh database.</summary>
    public async Task<GridOnTrial> StartGridAsync(CancellationToken cancellationToken, params string[] options)
    {
        Progress.Say($"{Result.Row}: starting the grid on PostgreSQL");
        return await GridOnTrial.StartAsync(await CreateDatabaseAsync(cancellationToken), cancellationToken, options);
    }

    /// <summary>Adds a figure.</summary>
    public void Add(string what, string unit, IEnumerable<double> rounds, Target? target = null) =>
        Result.Figures.Add(new RowFigure(what, unit, target, [.. rounds]));

    /// <summary>Adds the ratio of two sides, round by round.</summary>
    public void AddRatio(string what, SideResult over, SideResult under, Target? target = null) =>
        Add(what, "x", over.Rounds.Zip(under.Rounds, static (one, other) => one / other), target);

    /// <summary>Says what a round gave.</summary>
    public void Say(string text) => Progress.Say($"{Result.Row}: {text}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _postgres.DisposeAsync();
}
