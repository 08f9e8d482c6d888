using Deconfliction.Testing;

namespace Deconfliction.Contract.Setup;

/// <summary>How an edition is started on a store. The contract is run once for each.</summary>
public interface IEdition
{
    /// <summary>Starts a grid on a store that nobody else uses, and waits until it is ready.</summary>
    /// <param name="options">Further options of each node.</param>
    static abstract Task<GridUnderTest> StartAsync(params string[] options);
}

/// <summary>An edition that can be started on a PostgreSQL of the test's own, which it may stop.</summary>
public interface IPostgresEdition : IEdition
{
    /// <summary>Starts a grid on a fresh database of a server.</summary>
    static abstract Task<GridUnderTest> StartOnAsync(PostgresServer postgres, params string[] options);
}
