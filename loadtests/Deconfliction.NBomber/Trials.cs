using System.Collections.Concurrent;
using System.Globalization;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Rows;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Protocol.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.NBomber;

/// <summary>What one call of a scenario does.</summary>
/// <param name="CallAsync">The call, told its number.</param>
/// <param name="IsOneAfterAnother">Whether it is called by one caller, and not at a rate.</param>
internal sealed record Trial(Func<long, Task> CallAsync, bool IsOneAfterAnother = false);

/// <summary>The scenarios of <c>loadtests/run</c>, each prepared on a stage.</summary>
internal static class Trials
{
    private const int Feeds = 100;

    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<Stage, Task<Trial>>> All = new Dictionary<string, Func<Stage, Task<Trial>>>(StringComparer.Ordinal)
    {
        ["claims"] = async stage => Of(new FreshClaims(await stage.ConnectCallerAsync(await stage.StartGridAsync()))),
        ["checks"] = stage => ChecksAsync(stage, ChecksRow.UsualHits),
        ["rare-checks"] = stage => ChecksAsync(stage, hits: 3),
        ["frequent-checks"] = stage => ChecksAsync(stage, hits: 50_000),
        ["mix"] = MixAsync,
        ["bulk"] = BulkAsync,
        ["hot"] = HotAsync,
        ["alerts"] = AlertsAsync,
        ["storm"] = StormAsync,
    };

    private static Trial Of(ILoad load) => new(number => load.CallAsync((int)(number % PacedRow.MostOpen), CancellationToken.None));

    private static async Task<Trial> ChecksAsync(Stage stage, int hits)
    {
        var grid = await stage.StartGridAsync();
        await FillAsync(stage, grid);
        return Of(new Checks(await stage.ConnectCallerAsync(grid), hits, ChecksRow.Claimed));
    }

    private static async Task<Trial> MixAsync(Stage stage)
    {
        var grid = await stage.StartGridAsync();
        await FillAsync(stage, grid);
        var caller = await stage.ConnectCallerAsync(grid);
        return Of(new Mix(80, new Checks(caller, ChecksRow.UsualHits, ChecksRow.Claimed), new FreshClaims(caller)));
    }

    private static async Task FillAsync(Stage stage, GridOnTrial grid)
    {
        var owner = stage.Keep(await grid.ConnectAgencyAsync("owner", connections: 0));
        await owner.ImportAsync(Enumerable.Range(0, ChecksRow.Claimed).Select(static number => GeneratedValues.Sha256(number)), static () => { }, CancellationToken.None);
    }

    // Claims while another agency imports at full speed, from before the warm-up until it is over.
    private static async Task<Trial> BulkAsync(Stage stage)
    {
        var grid = await stage.StartGridAsync();
        var caller = await stage.ConnectCallerAsync(grid);
        var streams = stage.Keep(await ImportStreams.ConnectAsync(grid, CancellationToken.None));
        stage.Keep(new Awaited(new ImportSide(grid, streams.Agencies).RunAsync(1, stage.Length, CancellationToken.None)));
        return Of(new FreshClaims(caller));
    }

    // In this process and without a gateway, as the row of the table: one claim after another that meets ten of 100,000.
    private static async Task<Trial> HotAsync(Stage stage)
    {
        var connection = await stage.NewBench().CreateDatabaseAsync(CancellationToken.None);
        var ledger = stage.Keep(await LedgerFactory.OpenPostgresAsync(
            connection, new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, CancellationToken.None));
        await LongIdentifiers.FillAsync(ledger, HotTrial.Long, new UuidV7Source(), CancellationToken.None);
        var grid = stage.Keep(await SoloGrid.StartAsync(ledger, new GridOptions(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None));
        var trial = new HotTrial(grid.Grid, grid.Ids);
        return new Trial(_ => trial.ClaimAsync(HotTrial.Long, CancellationToken.None), IsOneAfterAnother: true);
    }

    // A claim that meets one of a connected agency's, until that agency has its alert.
    private static async Task<Trial> AlertsAsync(Stage stage)
    {
        var grid = await stage.StartGridAsync();
        var caller = await stage.ConnectCallerAsync(grid);
        var alerted = new ConcurrentDictionary<string, TaskCompletionSource>(StringComparer.Ordinal);
        var agencies = stage.Keep(await ConnectedAgencies.ConnectAsync(
            [.. (await AddAgenciesAsync(grid)).Select(identity => grid.Connect(identity, connections: 0))], static _ => { }, alert =>
            {
                if (alert.AlertKind == AlertKind.OverlapFound && alerted.TryRemove(alert.Identifier, out var waiting))
                {
                    waiting.TrySetResult();
                }
            }));
        return new Trial(async _ =>
        {
            var number = FreshNumbers.Next();
            var identifier = GeneratedValues.Sha256(number);
            await agencies.Agencies[(int)(number % Feeds)].ImportAsync([identifier], static () => { }, CancellationToken.None);
            var waiting = alerted[identifier] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await caller.ClaimAsync((int)(number % PacedRow.MostOpen), identifier, CancellationToken.None);
            await waiting.Task;
        });
    }

    // A feed that comes back over a new connection, until it is told where it is; how many at once is the rate's.
    private static async Task<Trial> StormAsync(Stage stage)
    {
        var grid = await stage.StartGridAsync();
        var identities = await AddAgenciesAsync(grid);
        return new Trial(async number =>
        {
            await using var feed = await ConnectedAgencies.ConnectAsync([grid.Connect(identities[(int)(number % Feeds)], connections: 0)], static _ => { }, static _ => { });
        });
    }

    private static Task<IReadOnlyList<string>> AddAgenciesAsync(GridOnTrial grid) => grid.AddAgenciesAsync(
        Enumerable.Range(0, Feeds).Select(static number => string.Create(CultureInfo.InvariantCulture, $"agency-{number:000}")), CancellationToken.None);

    /// <summary>Work that runs beside the scenario, and is waited for at its end.</summary>
    private sealed class Awaited(Task work) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await work;
    }
}
