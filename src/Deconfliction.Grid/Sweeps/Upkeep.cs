using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Agencies;
using Deconfliction.Ledger;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Sweeps;

/// <summary>
/// What the grid does by itself: it ends expired claims and gives notice, finds alerts whose nudge was lost, purges what has had its time,
/// tells agencies of certificates that end soon, and reads the agencies again. Each step is safe to repeat and to run on several nodes; so
/// that they need not all do everything, a node says which parts of the work are its own.
/// </summary>
public sealed class Upkeep
{
    private const int PurgeRowsAtOnce = 500;
    private const int PurgeStepsAtOnce = 2_000;
    private const int AgenciesAtOnce = 1_000;

    private readonly ILedger _ledger;
    private readonly IActors _actors;
    private readonly AgencyDirectory _agencies;
    private readonly IIdSource _ids;
    private readonly GridOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ExpirySweep _expiry;
    private readonly Func<SweepParts> _parts;
    private readonly Func<DateTimeOffset, CancellationToken, Task<int>> _purgeBeside;

    /// <summary>Nothing runs until <see cref="RunAsync"/>.</summary>
    /// <param name="ledger">The record.</param>
    /// <param name="actors">Who sweeps and numbers.</param>
    /// <param name="agencies">The agencies.</param>
    /// <param name="ids">Makes the ids of alerts.</param>
    /// <param name="options">Periods.</param>
    /// <param name="time">Serves the periods.</param>
    /// <param name="logging">Where it logs.</param>
    /// <param name="parts">Which parts of the work are this node's now; all of it where nothing is said.</param>
    /// <param name="purgeBeside">
    /// Removes what the host keeps beside the ledger of claims that ended before a moment, and says how many rows went; nothing where it
    /// keeps nothing there.
    /// </param>
    public Upkeep(
        ILedger ledger, IActors actors, AgencyDirectory agencies, IIdSource ids, GridOptions options, TimeProvider time,
        ILoggerFactory logging, Func<SweepParts>? parts = null, Func<DateTimeOffset, CancellationToken, Task<int>>? purgeBeside = null)
    {
        _purgeBeside = purgeBeside ?? (static (_, _) => Task.FromResult(0));
        _parts = parts ?? (static () => SweepParts.All);
        _ledger = ledger;
        _actors = actors;
        _agencies = agencies;
        _ids = ids;
        _options = options;
        _time = time;
        _logger = logging.CreateLogger("Deconfliction.Grid.Upkeep");
        _expiry = new ExpirySweep(ledger, actors, options, _logger);
    }

    /// <summary>Runs every step at its period until it is told to stop; a step that fails is logged and tried again.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RepeatAsync("alerts", SweepAlertsAsync, _options.AlertSweepInterval, cancellationToken),
        RepeatAsync("expiry", SweepExpiredAsync, _options.ExpirySweepInterval, cancellationToken),
        RepeatAsync("purge", IfIndivisibleIsOwn(PurgeAsync), _options.PurgeInterval, cancellationToken),
        RepeatAsync("certificates", IfIndivisibleIsOwn(AnnounceCertificatesAsync), _options.CertificateSweepInterval, cancellationToken),
        RepeatAsync("agencies", _agencies.RefreshAsync, _options.DirectoryRefreshInterval, cancellationToken));

    /// <summary>Nudges every agency of this node's parts that has alerts without a number.</summary>
    public async Task SweepAlertsAsync(CancellationToken cancellationToken)
    {
        var parts = _parts();
        if (parts.IsEmpty)
        {
            return;
        }

        var found = (await _ledger.FindUnnumberedAgenciesAsync(AgenciesAtOnce, cancellationToken)).Where(parts.Includes).ToList();
        foreach (var agency in found)
        {
            _actors.Nudge(agency);
        }

        if (found.Count > 0)
        {
            _logger.UnnumberedFound(found.Count);
        }
    }

    /// <summary>Ends what has expired in this node's parts, and gives notice of what soon will.</summary>
    public Task SweepExpiredAsync(CancellationToken cancellationToken) =>
        _parts() is { IsEmpty: false } parts ? _expiry.RunAsync(parts, cancellationToken) : Task.CompletedTask;

    /// <summary>Purges in small steps what is older than it is kept.</summary>
    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        var now = _ledger.Now;
        var total = 0;
        for (var step = 0; step < PurgeStepsAtOnce; step++)
        {
            var rows = await _ledger.PurgeAsync(
                now - _options.KeepEnded, now - _options.KeepAudit, PurgeRowsAtOnce, cancellationToken);
            if (rows == 0)
            {
                break;
            }

            total += rows;
        }

        total += await _purgeBeside(now - _options.KeepEnded, cancellationToken);
        if (total > 0)
        {
            _logger.Purged(total);
        }
    }

    /// <summary>Tells each agency, once, of each certificate that ends soon.</summary>
    public async Task AnnounceCertificatesAsync(CancellationToken cancellationToken)
    {
        var now = _ledger.Now;
        foreach (var agency in _agencies.All.Where(static one => !one.IsRevoked))
        {
            foreach (var certificate in agency.Certificates)
            {
                if (certificate is { IsRevoked: false, ExpiryAnnounced: false }
                    && now < certificate.NotAfter && certificate.NotAfter - now <= _options.CertificateNotice)
                {
                    await _agencies.AnnounceExpiryAsync(agency.Id, certificate.Serial, _ids, now, cancellationToken);
                }
            }
        }
    }

    private Func<CancellationToken, Task> IfIndivisibleIsOwn(Func<CancellationToken, Task> step) =>
        cancellationToken => _parts().HasIndivisible ? step(cancellationToken) : Task.CompletedTask;

    private async Task RepeatAsync(
        string step, Func<CancellationToken, Task> run, TimeSpan period, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period, _time);
        try
        {
            do
            {
                try
                {
                    await run(cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    _logger.UpkeepFailed(step, period, e);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }
}
