namespace Deconfliction.LoadTests.Measuring;

/// <summary>What a figure should reach.</summary>
/// <param name="Limit">In the figure's unit.</param>
/// <param name="AtLeast">Whether more is better.</param>
internal sealed record Aim(double Limit, bool AtLeast)
{
    /// <summary>Whether a value reaches it.</summary>
    public bool IsMetBy(double value) => AtLeast ? value >= Limit : value <= Limit;
}

/// <summary>How long calls took, in milliseconds; medians over the rounds.</summary>
internal sealed record Latency(double P50, double P95, double P99, double Longest)
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>Of the rounds' histograms.</summary>
    public static Latency Of(IReadOnlyCollection<LatencyHistogram> rounds)
    {
        return new Latency(At(0.50), At(0.95), At(0.99), Spread.Of(rounds.Select(round => round.Longest / NanosecondsPerMillisecond)).Median);

        double At(double share) => Spread.Of(rounds.Select(round => round.Percentile(share) / NanosecondsPerMillisecond)).Median;
    }
}

/// <summary>One measured figure, with all that is needed to measure it again.</summary>
internal sealed record Figure
{
    /// <summary>The scenario, as <c>--only</c> takes it.</summary>
    public required string Scenario { get; init; }

    /// <summary>The database; empty where there is none.</summary>
    public string Store { get; init; } = "";

    /// <summary>What was measured.</summary>
    public required string Name { get; init; }

    /// <summary>Its unit.</summary>
    public required string Unit { get; init; }

    /// <summary>One value a round.</summary>
    public required IReadOnlyList<double> Rounds { get; init; }

    /// <summary>What it should reach, where something was asked for.</summary>
    public Aim? Aim { get; init; }

    /// <summary>How long the calls took, where calls were measured.</summary>
    public Latency? Latency { get; init; }

    /// <summary>What it cost; of the last round.</summary>
    public CpuCost? Cpu { get; init; }

    /// <summary>What gives it again.</summary>
    public required string Command { get; init; }

    /// <summary>The rounds in short.</summary>
    public Spread Value => Spread.Of(Rounds);
}
