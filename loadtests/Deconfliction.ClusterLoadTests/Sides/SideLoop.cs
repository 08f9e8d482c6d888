using System.Text.Json;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.ClusterLoadTests.Sides;

/// <summary>Takes orders, a line of JSON each, and answers each with a line of JSON, until there are no more.</summary>
internal sealed class SideLoop(ISide side)
{
    /// <summary>What a line for whoever gave the order begins with; anything else is for people.</summary>
    public const string Mark = "@ ";

    private const long FirstFresh = 1_000_000_000;
    private const long FirstWarm = 1_000_000; // Behind the filling's own rounds.
    private readonly Dictionary<Owner, long[]> _filled = [];
    private long _fresh = FirstFresh;
    private long _warm = FirstWarm;

    /// <summary>Until the input ends.</summary>
    public async Task RunAsync(TextReader orders, TextWriter answers, CancellationToken cancellationToken)
    {
        while (await orders.ReadLineAsync(cancellationToken) is { } line)
        {
            var order = JsonSerializer.Deserialize<Order>(line)!;
            await answers.WriteLineAsync(Mark + JsonSerializer.Serialize(await CarryOutAsync(order, cancellationToken)));
            await answers.FlushAsync(cancellationToken);
        }
    }

    private async Task<Outcome> CarryOutAsync(Order order, CancellationToken cancellationToken)
    {
        using var groups = new GroupMeter();
        var allocated = GC.GetTotalAllocatedBytes();
        var result = order.Pool is Pool.Ten or Pool.Long or Pool.Cold ? await AskOneAsync(order, cancellationToken)
            : order.Pool == Pool.Fill ? await FillAsync(order, cancellationToken)
            : await new ClosedLoop(order.Callers, Call(order)).RunAsync(TimeSpan.FromSeconds(order.Seconds), callsEach: 1, cancellationToken);
        return Outcome.Of(result, groups.Groups, groups.Appends, GC.GetTotalAllocatedBytes() - allocated);
    }

    private Func<int, CancellationToken, Task> Call(Order order)
    {
        if (order.Pool == Pool.Fresh)
        {
            return (_, token) => side.ClaimAsync(Next(order.Owner), round: 0, token);
        }

        var numbers = _filled.GetValueOrDefault(order.Owner) ?? throw new InvalidOperationException($"No identifiers of {order.Owner} were filled.");
        return (_, token) =>
        {
            var turn = Interlocked.Increment(ref _warm);
            return side.ClaimAsync(numbers[turn % numbers.Length], turn, token);
        };
    }

    private async Task<LoopResult> AskOneAsync(Order order, CancellationToken cancellationToken)
    {
        var ours = side as OurSide ?? throw new InvalidOperationException($"{order.Pool} is measured of our silo only.");
        var (times, all) = (new LatencyHistogram(), TimeSpan.Zero);
        for (var call = 0; call < order.Count; call++)
        {
            var time = order.Pool switch
            {
                Pool.Ten => await ours.Hot.ClaimAsync(LongIdentifiers.Met, cancellationToken),
                Pool.Long => await ours.Hot.ClaimAsync(HotTrial.Long, cancellationToken),
                _ => await ours.CheckColdAsync(cancellationToken),
            };
            times.Record((long)time.TotalNanoseconds);
            all += time;
        }

        return new LoopResult(times, all);
    }

    private async Task<LoopResult> FillAsync(Order order, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(0, order.Count).Select(_ => Next(order.Owner)).ToArray();
        _filled[order.Owner] = numbers;
        var next = -1;
        var each = order.Count / order.Callers;
        return await new ClosedLoop(order.Callers, (_, token) =>
        {
            // The callers make a few turns more than there are identifiers.
            var turn = Interlocked.Increment(ref next);
            return side.ClaimAsync(numbers[turn % numbers.Length], turn / numbers.Length, token);
        }).RunAsync(TimeSpan.Zero, each + 1, cancellationToken);
    }

    private long Next(Owner owner)
    {
        while (true)
        {
            var number = Interlocked.Increment(ref _fresh);
            if (owner == Owner.Any || side.IsHere(number) == (owner == Owner.Here))
            {
                return number;
            }
        }
    }
}
