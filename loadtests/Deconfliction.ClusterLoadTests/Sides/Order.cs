using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.ClusterLoadTests.Sides;

/// <summary>Which identifiers a side is to claim from inside itself.</summary>
internal enum Pool
{
    /// <summary>Each number once, so that every one is found held by a grain afterwards.</summary>
    Fill,

    /// <summary>Numbers that nobody claimed before.</summary>
    Fresh,

    /// <summary>Those of the last filling, round and round, each time in another case.</summary>
    Warm,

    /// <summary>The one with ten live claims, which a new claim meets all; each claim is released again.</summary>
    Ten,

    /// <summary>The one with 100,000, of which a new claim meets ten; each claim is released again.</summary>
    Long,

    /// <summary>The one with 100,000 is checked, each time after its grain was put out.</summary>
    Cold,
}

/// <summary>Whose identifiers, seen from the silo that calls.</summary>
internal enum Owner
{
    /// <summary>Any.</summary>
    Any,

    /// <summary>Those that live on the silo itself.</summary>
    Here,

    /// <summary>Those that live on another one.</summary>
    Elsewhere,
}

/// <summary>What a side is told to do: so many callers in a closed loop.</summary>
/// <param name="Pool">On which identifiers.</param>
/// <param name="Owner">Living where.</param>
/// <param name="Callers">How many callers.</param>
/// <param name="Seconds">For how long; not for filling, nor for single identifiers.</param>
/// <param name="Count">How many identifiers are filled; on a single identifier, how many calls are made one after another.</param>
internal sealed record Order(Pool Pool, Owner Owner, int Callers, double Seconds, int Count);

/// <summary>What came of it.</summary>
/// <param name="Claims">Claims answered.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Milliseconds; the other three too.</param>
/// <param name="P95">See there.</param>
/// <param name="P99">See there.</param>
/// <param name="Longest">See there.</param>
/// <param name="Groups">Transactions that the ledger committed meanwhile; 0 where it counts none.</param>
/// <param name="Appends">Appends in them.</param>
/// <param name="AllocatedBytes">What the process allocated meanwhile.</param>
internal sealed record Outcome(
    long Claims, double Seconds, double P50, double P95, double P99, double Longest, long Groups, long Appends, long AllocatedBytes)
{
    /// <summary>Claims a second.</summary>
    public double Rate => Claims / Seconds;

    /// <summary>Appends in a transaction.</summary>
    public double GroupSize => Groups == 0 ? 1 : (double)Appends / Groups;

    /// <summary>Of a loop.</summary>
    public static Outcome Of(LoopResult result, long groups, long appends, long allocated)
    {
        var times = Latency.Of([result.Latencies]);
        return new Outcome(
            result.Latencies.Count, result.Elapsed.TotalSeconds, times.P50, times.P95, times.P99, times.Longest, groups, appends, allocated);
    }
}
