using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing;

namespace Deconfliction.LoadTests;

/// <summary>What the scenarios share: the options, the report, and one PostgreSQL with a fresh database for each grid.</summary>
internal sealed class Bench(LoadOptions options, Report report, Progress progress, IReadOnlyList<string>? settings = null) : IAsyncDisposable
{
    private PostgresServer? _postgres;

    /// <summary>What to measure.</summary>
    public LoadOptions Options => options;

    /// <summary>Where figures go.</summary>
    public Report Report => report;

    /// <summary>Where it is said what goes on.</summary>
    public Progress Progress => progress;

    /// <summary>What measures one scenario again.</summary>
    public static string Command(string scenario, Store? store = null) =>
        $"loadtests/run-solo --only {scenario}" + (store is { } one ? $" --store {NameOf(one)}" : "");

    /// <summary>A store's name on the command line.</summary>
    public static string NameOf(Store store) => store == Store.Sqlite ? "sqlite" : "postgres";

    /// <summary>Starts a server on a fresh store.</summary>
    public async Task<GridOnTrial> StartGridAsync(Store store, CancellationToken cancellationToken)
    {
        if (store == Store.Sqlite)
        {
            return await GridOnTrial.StartAsync(connection: null, cancellationToken);
        }

        return await GridOnTrial.StartAsync(await CreateDatabaseAsync(cancellationToken), cancellationToken);
    }

    /// <summary>A fresh PostgreSQL database's connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        if (_postgres is null)
        {
            progress.Say("starting a PostgreSQL");
            _postgres = await PostgresServer.StartNewAsync(cancellationToken, settings: settings);
        }

        return await _postgres.CreateDatabaseAsync(cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }
}
