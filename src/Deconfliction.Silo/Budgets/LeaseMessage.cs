using Deconfliction.Grid.Budgets;

namespace Deconfliction.Silo.Budgets;

/// <summary>A lease on its way to the silo that asked.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.lease-message")]
public readonly record struct LeaseMessage(
    [property: Id(0)] long Granted, [property: Id(1)] TimeSpan Wait, [property: Id(2)] double Left)
{
    /// <summary>From a lease.</summary>
    public static LeaseMessage Of(Lease lease) => new(lease.Granted, lease.Wait, lease.Left);

    /// <summary>As a lease.</summary>
    public Lease ToLease() => new(Granted, Wait, Left);
}

/// <summary>What a silo was last told of a budget, on its way to where the budget begins anew.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.known-budget-message")]
public readonly record struct KnownBudgetMessage([property: Id(0)] double Left, [property: Id(1)] TimeSpan Age);
