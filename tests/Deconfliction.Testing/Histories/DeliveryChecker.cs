namespace Deconfliction.Testing.Histories;

/// <summary>An alert as a follower of a feed received it.</summary>
/// <param name="Agency">Whose feed.</param>
/// <param name="Position">Its position.</param>
/// <param name="Alert">Its number.</param>
/// <param name="Stream">Which of the follower's streams brought it: 0, then one more after each break.</param>
public sealed record Delivery(string Agency, long Position, Guid Alert, int Stream);

/// <summary>Says what of I5 (DESIGN.md, section 4) a follower's deliveries break, whatever broke on the way.</summary>
public static class DeliveryChecker
{
    /// <summary>Every problem in words; none where the deliveries are the feed, in order and without gaps.</summary>
    /// <param name="deliveries">In the order in which they came.</param>
    /// <param name="feed">Position and number of every alert, as the feed reads in the end.</param>
    public static IReadOnlyList<string> Check(IReadOnlyList<Delivery> deliveries, IReadOnlyList<(long Position, Guid Alert)> feed)
    {
        var problems = new List<string>();
        var known = feed.ToDictionary(entry => entry.Position, entry => entry.Alert);
        long last = 0;
        foreach (var delivery in deliveries)
        {
            if (delivery.Position != last + 1)
            {
                problems.Add($"I5: {delivery.Agency} received position {delivery.Position} after {last}, on stream {delivery.Stream}");
            }

            if (!known.TryGetValue(delivery.Position, out var alert) || alert != delivery.Alert)
            {
                problems.Add($"I5: {delivery.Agency} received alert {delivery.Alert} as {delivery.Position}, where the feed in the end has {(alert == Guid.Empty ? "nothing" : alert)}");
            }

            last = delivery.Position;
        }

        if (last != feed.Count)
        {
            problems.Add($"I5: a follower received {last} alerts of {feed.Count}");
        }

        return problems;
    }
}
