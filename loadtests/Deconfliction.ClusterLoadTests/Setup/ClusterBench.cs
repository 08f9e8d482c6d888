using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Rows;
using Deconfliction.Testing;

namespace Deconfliction.ClusterLoadTests.Setup;

/// <summary>What the scenarios share: the options, the report, and one PostgreSQL with a fresh database for each cluster.</summary>
internal sealed class ClusterBench(ClusterLoadOptions options, Report report, Progress progress) : IAsyncDisposable
{
    private PostgresServer? _postgres;

    /// <summary>What to measure.</summary>
    public ClusterLoadOptions Options => options;

    /// <summary>Where figures go.</summary>
    public Report Report => report;

    /// <summary>Where it is said what goes on.</summary>
    public Progress Progress => progress;

    /// <summary>What measures one scenario again.</summary>
    public static string Command(string scenario) => $"loadtests/run-cluster --only {scenario}";

    /// <summary>A fresh database, and the postmaster that serves it.</summary>
    public async Task<(string Connection, int Postmaster)> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        if (_postgres is null)
        {
            progress.Say("starting a PostgreSQL");
            _postgres = await PostgresServer.StartNewAsync(cancellationToken, settings: RowBench.DatabaseSettings);
        }

        var connection = await _postgres.CreateDatabaseAsync(cancellationToken: cancellationToken);
        return (connection, await Deconfliction.LoadTests.Setup.GridOnTrial.PostmasterAsync(connection, cancellationToken));
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
