namespace Deconfliction.ClusterLoadTests.Sides;

/// <summary>One of the two ways that are measured against each other, running in this process.</summary>
internal interface ISide : IAsyncDisposable
{
    /// <summary>Claims an identifier from inside the silo, by number.</summary>
    /// <param name="number">Which identifier.</param>
    /// <param name="round">Which case: a claim of the same one would be a repetition.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ClaimAsync(long number, long round, CancellationToken cancellationToken);

    /// <summary>Whether an identifier lives on this silo.</summary>
    bool IsHere(long number);
}
