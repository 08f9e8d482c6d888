namespace Deconfliction.Silo.Hosting;

/// <summary>
/// How many identifiers a silo holds at once: a share of the memory that its process may have (a container's limit, else the machine's), so
/// that a small pod is not killed and a large machine does not read from the database what it has room for.
/// </summary>
/// <param name="Count">Activations at most.</param>
/// <param name="Bytes">What the identifiers' claims may weigh together, by estimate.</param>
internal readonly record struct ActivationBudget(int Count, long Bytes)
{
    private const long MiB = 1024 * 1024;

    // An activation weighs about 3 kB beside its claims: so with those at most a third of the memory is taken.
    private const long MemoryPerActivation = 20 * 1024;
    private const long ShareOfClaims = 8;

    /// <summary>The budget of a process that may have so much memory, in bytes.</summary>
    public static ActivationBudget Of(long memory) => new(
        (int)Math.Clamp(memory / MemoryPerActivation, 20_000, 400_000),
        Math.Clamp(memory / ShareOfClaims, 64 * MiB, 1024 * MiB));

    /// <summary>The budget of this process.</summary>
    public static ActivationBudget OfThisProcess() => Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
