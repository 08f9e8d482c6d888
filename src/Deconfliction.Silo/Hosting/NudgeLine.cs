using Deconfliction.Domain.Agencies;
using Deconfliction.Silo.Grains;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Silo.Hosting;

/// <summary>One agency's nudges: one call under way at most, and one more after it where somebody nudged meanwhile.</summary>
internal sealed class NudgeLine(AgencyId agency, IAgencyGrain grain, ILogger log)
{
    private const int Idle = 0;
    private const int Calling = 1;
    private const int NudgedAgain = 2;
    private int _state = Idle;

    /// <summary>Never waits, never throws.</summary>
    public void Nudge()
    {
        if (Interlocked.Exchange(ref _state, NudgedAgain) == Idle)
        {
            // Not on the caller's thread: it is an identifier's actor that has just committed.
            _ = Task.Run(CallAsync);
        }
    }

    private async Task CallAsync()
    {
        do
        {
            Volatile.Write(ref _state, Calling);
            try
            {
                SiloTracing.Carry();
                // Nobody waits for it, and the alerts want their numbers whoever left.
                await grain.NudgeAsync(CancellationToken.None);
            }
            catch (Exception problem)
            {
                // Whatever it was, the alerts are in the ledger, and the sweep nudges again.
                SiloLog.NudgeLost(log, agency.Value, problem);
            }
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Calling) != Calling);
    }
}
