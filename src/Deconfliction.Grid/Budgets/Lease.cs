namespace Deconfliction.Grid.Budgets;

/// <summary>A portion of a budget, for one node to spend.</summary>
/// <param name="Granted">How many.</param>
/// <param name="Wait">Where there is none, when there will be.</param>
/// <param name="Left">What is left of the budget after it.</param>
public readonly record struct Lease(long Granted, TimeSpan Wait, double Left);

/// <summary>What a node was last told of a budget.</summary>
/// <param name="Left">What was left of it.</param>
/// <param name="Age">How long ago.</param>
public readonly record struct KnownBudget(double Left, TimeSpan Age);

/// <summary>Asks the place that keeps a budget for a portion of it.</summary>
/// <param name="wanted">How many.</param>
/// <param name="spent">How many this node has spent already while the place could not be asked.</param>
/// <param name="cancellationToken">Gives up.</param>
/// <exception cref="PlaceLostException">It could not be asked.</exception>
public delegate Task<Lease> LeaseAsk(long wanted, long spent, CancellationToken cancellationToken);

/// <summary>The place that keeps a budget could not be asked; it is moving, or its node is gone.</summary>
public sealed class PlaceLostException(Exception cause) : Exception("The place that keeps the budget could not be asked.", cause);
