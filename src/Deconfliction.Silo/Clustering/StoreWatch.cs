using Deconfliction.Ledger;
using Deconfliction.Server.Hosting;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Notices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// Ends a silo that has lost its database while others have not. It would go on to answer the others' probes, stay a member and keep its
/// identifiers, for which nobody could then answer. Where the database is lost to all, nobody ends: they wait for it.
/// </summary>
internal sealed class StoreWatch(
    ILedger ledger, NoticeBoard board, StoreState state, DeclaredDead end, TimeProvider time, ILogger<StoreWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // Longer than a database takes that fails over within its host or restarts without much to recover.
    private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(8);

    private readonly StorePulse _pulse = new(new LedgerGatewayStore(ledger), time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await AskAsync(stoppingToken);
                if (state.LostFor > s_lost && await SomebodyHasItAsync(stoppingToken))
                {
                    end.End($"it has not reached its database for {state.LostFor.TotalSeconds:0} s, and another silo does.");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _pulse.AskAsync(s_patience, stoppingToken);
            state.Note(hasAnswered: true);
        }
        catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it was, the store gave no answer.
            state.Note(hasAnswered: false);
            SiloLog.StoreSilent(log, state.LostFor.TotalSeconds, problem.GetType().Name);
        }
    }

    private async Task<bool> SomebodyHasItAsync(CancellationToken stoppingToken)
    {
        var reports = await Task.WhenAll(board.Others().Select(silo => board.ReportOfAsync(silo, s_patience, stoppingToken)));
        // All this while: one that has it back a moment ago shows that this silo may have it in a moment too.
        return reports.Any(static report => report is { HasStore: true } && report.StoreHeldFor > s_lost);
    }
}

/// <summary>Whether this silo's database answers it. Thread-safe.</summary>
internal sealed class StoreState(TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(3);
    private long _answeredAt = time.GetTimestamp();
    private long _heldSince = time.GetTimestamp();

    /// <summary>For how long it has not.</summary>
    public TimeSpan LostFor => time.GetElapsedTime(Volatile.Read(ref _answeredAt));

    /// <summary>Whether it has just now.</summary>
    public bool IsFresh => LostFor < s_fresh;

    /// <summary>For how long it has not failed to.</summary>
    public TimeSpan HeldFor => time.GetElapsedTime(Volatile.Read(ref _heldSince));

    /// <summary>It does, or does not.</summary>
    public void Note(bool hasAnswered) => Volatile.Write(ref hasAnswered ? ref _answeredAt : ref _heldSince, time.GetTimestamp());
}
