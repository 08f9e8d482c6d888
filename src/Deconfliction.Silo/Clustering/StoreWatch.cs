using Deconfliction.Gateway;
using Deconfliction.Server.Hosting;
using Deconfliction.Silo.Notices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// Ends a silo that has lost its database while others have not. It would go on to answer the others' probes, stay a member and keep its
/// identifiers, for which nobody could then answer. Where the database is lost to all, nobody ends: they wait for it.
/// </summary>
/// <param name="store">The database, as it is asked.</param>
/// <param name="others">Asks every other silo what it is doing; nothing for one that does not say.</param>
/// <param name="state">What is noted.</param>
/// <param name="end">Ends this silo, and says why.</param>
/// <param name="time">Its clock.</param>
/// <param name="log">Where it logs.</param>
internal sealed class StoreWatch(
    IGatewayStore store, Func<TimeSpan, CancellationToken, Task<SiloReport?[]>> others, StoreState state, Action<string> end, TimeProvider time,
    ILogger<StoreWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // Longer than a database takes that fails over within its host or restarts without much to recover.
    private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(8);

    private readonly StorePulse _pulse = new(store, time);

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
                    end($"it has not reached its database for {state.LostFor.TotalSeconds:0} s, and another silo does.");
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
        var reports = await others(s_patience, stoppingToken);
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
