using Deconfliction.Grid.Budgets;
using Deconfliction.Ledger;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Grid.Tests.Budgets;

/// <summary>
/// However takes, time, moves, deaths and lost questions follow each other: three nodes together spend no more than one budget, and a
/// portion a node for each time that the budget's place began anew or could not be asked.
/// </summary>
public sealed class LeasingPropertyTests
{
    private const int Nodes = 3;
    private const int MostSeconds = 20;

    [Fact]
    public void NodesTogether_SpendOneBudget() => Prop
        .ForAll<byte, int>(static (limit, seed) => SpendAsync((limit * 7) + 1, seed).GetAwaiter().GetResult())
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static async Task<bool> SpendAsync(long perMinute, int seed)
    {
        var (time, random) = (new FakeTimeProvider(), new System.Random(seed));
        var kept = new KeptBudget(perMinute, perMinute, time);
        var isLost = false;
        var nodes = new LeasedBudget[Nodes];
        for (var i = 0; i < Nodes; i++)
        {
            nodes[i] = NewNode();
        }

        var (began, spent, portions) = (time.GetTimestamp(), 0L, 0L);
        long? died = null;
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    // The place moves, and all say what they know; a death counts for as long as the budget takes to fill.
                    var isComplete = died is not { } at || time.GetElapsedTime(at) >= TimeSpan.FromMinutes(1);
                    kept = new KeptBudget(perMinute, Beginning(isComplete), time);
                    portions += isComplete ? 0 : Nodes;
                    break;
                case 1:
                    // The place's node dies, and with it what it knew and held.
                    nodes[random.Next(Nodes)] = NewNode();
                    kept = new KeptBudget(perMinute, Beginning(isComplete: false), time);
                    portions += Nodes;
                    died = time.GetTimestamp();
                    break;
                case 2:
                    // What a node may spend meanwhile, it owes.
                    isLost = !isLost;
                    portions += Nodes;
                    break;
                case 3:
                    time.Advance(TimeSpan.FromSeconds(random.NextDouble() * MostSeconds));
                    break;
                default:
                    spent += await TakeAsync(nodes[random.Next(Nodes)], random.NextInt64(perMinute));
                    break;
            }
        }

        var most = perMinute + TokenBucket.Refill(perMinute, time.GetElapsedTime(began)) + (portions * KeptBudget.Portion(perMinute));
        return spent <= most + 1;

        LeasedBudget NewNode() => new(
            perMinute,
            (wanted, owed, _) => isLost ? throw new PlaceLostException(new TimeoutException()) : Task.FromResult(kept.Lease(wanted, owed)),
            time);

        double Beginning(bool isComplete) => KeptBudget.Beginning(
            perMinute, nodes.Select(static node => node.Known).OfType<KnownBudget>(), isComplete, Nodes);
    }

    private static async Task<long> TakeAsync(LeasedBudget node, long wanted)
    {
        var taken = 0L;
        try
        {
            for (; taken < wanted && await node.TakeAsync(default) == TimeSpan.Zero; taken++)
            {
            }
        }
        catch (LedgerUnavailableException)
        {
            // Its place is lost, and its credit spent.
        }

        return taken;
    }
}
