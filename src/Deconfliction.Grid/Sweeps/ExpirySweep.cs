using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Actors;
using Deconfliction.Ledger;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Sweeps;

/// <summary>Finds identifiers with claims that have expired or soon will, and gives each a turn in the bulk lane.</summary>
internal sealed class ExpirySweep(ILedger ledger, IActors actors, GridOptions options, ILogger logger)
{
    private const int Page = 500;
    private const int AtOnce = 32;

    public async Task RunAsync(SweepParts parts, CancellationToken cancellationToken)
    {
        var swept = new HashSet<Tag>();
        while (true)
        {
            var now = ledger.Now;
            var due = await ledger.FindDueAsync(now, now + options.Policy.ExpiryNotice, parts, Page, cancellationToken);
            var before = swept.Count;
            await SweepAsync([.. due.Where(swept.Add)], cancellationToken);

            // What is found again after its turn could not be swept; it waits for the next time, or this would go on for ever.
            if (due.Count < Page || swept.Count == before)
            {
                break;
            }
        }

        if (swept.Count > 0)
        {
            logger.ExpirySwept(swept.Count);
        }
    }

    private Task SweepAsync(IReadOnlyList<Tag> due, CancellationToken cancellationToken)
    {
        var turn = new Turn(Question.Sweep.Instance, GridItself.Request);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(due, parallel, async (tag, token) =>
        {
            try
            {
                _ = await actors.AskAsync(new TagKey(tag, 0), turn, token);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                logger.SweepFailed(tag.ToString(), e);
            }
        });
    }
}
