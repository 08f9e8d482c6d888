namespace Deconfliction.LoadTests.Measuring;

/// <summary>What several rounds gave: the median, and how far they lie apart.</summary>
/// <param name="Median">Of an even number of rounds the lower one of the middle: a figure that was measured.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>Of these rounds; at least one.</summary>
    public static Spread Of(IEnumerable<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        return sorted.Length > 0
            ? new Spread(sorted[(sorted.Length - 1) / 2], sorted[0], sorted[^1])
            : throw new ArgumentException("There is no round to take the median of.", nameof(rounds));
    }
}
