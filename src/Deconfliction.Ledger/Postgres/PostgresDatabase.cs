using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// The ways to the database: small pools, so that neither appends nor loads nor anything else takes the connections of the others
/// (at most 13 together, and one for the lock).
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const int LoadConnections = 4;
    private const int NumberingConnections = 1;
    private const int RecordConnections = 4;

    // Statements of appends, loads and numbering fetch rows by key, once for each element of an array. A plan made while a table is
    // empty would read whole tables when they have grown (973 look-ups a second in a trial), and planning anew for each group costs
    // more than running it. So one plan is made and kept, and what reads whole tables is not offered to the planner: neither
    // sequential scans nor the joins that need one. A test lets the tables grow under kept plans and counts the rows read. Keys are
    // in memory in the main, hence the cost of a random page. Compiling (jit) costs more than any of them takes.
    private const string KeyedPlans =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off "
        + "-c enable_material=off -c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0";

    // Between the two round trips of a group its rows are locked. A process that stands still there, or whose cable is cut, must not keep
    // them from the other silos for as long as its connection lives: nobody needs seconds there, and who did is refused and asks again.
    private const string WritingPlans = KeyedPlans + " -c idle_in_transaction_session_timeout=3000";

    // Lists and counts are short statements too.
    private const string AnyPlans = "-c jit=off";

    private readonly LedgerOptions _options;

    /// <summary>Prepares the pools; connects nowhere yet.</summary>
    /// <exception cref="ArgumentException">The connection string is not one.</exception>
    public PostgresDatabase(string connectionString, LedgerOptions options)
    {
        _options = options;
        Writers = options.WritersPerLane * 2;
        Appends = Pool(connectionString, "appends", Writers, WritingPlans);
        Loads = Pool(connectionString, "loads", LoadConnections, KeyedPlans);
        Numbering = Pool(connectionString, "numbering", NumberingConnections, WritingPlans);
        Records = Pool(connectionString, "records", RecordConnections, AnyPlans);
    }

    /// <summary>Connections for groups of appends.</summary>
    public NpgsqlDataSource Appends { get; }

    /// <summary>Connections for groups of loads.</summary>
    public NpgsqlDataSource Loads { get; }

    /// <summary>The connection for groups of numberings.</summary>
    public NpgsqlDataSource Numbering { get; }

    /// <summary>Connections for everything else.</summary>
    public NpgsqlDataSource Records { get; }

    /// <summary>How many groups of appends have a connection.</summary>
    public int Writers { get; }

    /// <summary>The operator's connection string, with what the ledger needs of it.</summary>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString, LedgerOptions options, string settings) =>
        new(connectionString)
        {
            Enlist = false,
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(options.CommandTimeout),
            Options = $"{new NpgsqlConnectionStringBuilder(connectionString).Options} {settings}".Trim(),
        };

    /// <summary>
    /// Runs something on a connection of a pool and answers in the contract's exceptions. A pooled connection may have died unseen
    /// with the database's last restart: where it turns out so before COMMIT was sent, the pool is emptied and the work runs once more.
    /// </summary>
    public static async Task<T> RunAsync<T>(
        NpgsqlDataSource pool, Func<PostgresWork, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        for (var isRepeated = false; ; isRepeated = true)
        {
            PostgresWork? work = null;
            try
            {
                await using var connection = await pool.OpenConnectionAsync(cancellationToken);
                work = new PostgresWork(connection);
                return await run(work, cancellationToken);
            }
            catch (Exception problem) when (
                !isRepeated && work is { CommitSent: false } && PostgresErrors.IsConnectionLost(problem))
            {
                pool.Clear();
            }
            catch (Exception problem) when (
                PostgresErrors.Translate(problem, work is { CommitSent: true }, cancellationToken) is not null)
            {
                if (PostgresErrors.IsConnectionLost(problem))
                {
                    pool.Clear();
                }

                throw PostgresErrors.Translate(problem, work is { CommitSent: true }, cancellationToken)!;
            }
        }
    }

    /// <summary>
    /// The same for what only reads. A caller who stops waiting is let go at once, and the statement ends by itself: to cancel it would have
    /// the driver interrupt the connection from outside, and the connection's next user pay for it if the two cross.
    /// </summary>
    public static Task<T> ReadAsync<T>(
        NpgsqlDataSource pool, Func<PostgresWork, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(pool, (work, _) => read(work, CancellationToken.None), cancellationToken).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Appends.DisposeAsync();
        await Loads.DisposeAsync();
        await Numbering.DisposeAsync();
        await Records.DisposeAsync();
    }

    // Nothing a session sets outlives its transaction here, so connections go back to the pool as they are; statements stay prepared.
    private NpgsqlDataSource Pool(string connectionString, string name, int connections, string plans)
    {
        var settings = Settings(connectionString, _options, plans);
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = connections;
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        settings.ApplicationName = $"deconfliction {name}";
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name };
        builder.UsePhysicalConnectionInitializer(
            PostgresRequirements.Check, connection => PostgresRequirements.CheckAsync(connection, CancellationToken.None));
        return builder.Build();
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}

/// <summary>A connection at work, and how far it has come.</summary>
internal sealed class PostgresWork(NpgsqlConnection connection)
{
    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection { get; } = connection;

    /// <summary>COMMIT is on its way: from here on a failure is an unknown outcome. Set before it is sent.</summary>
    public bool CommitSent { get; set; }
}
