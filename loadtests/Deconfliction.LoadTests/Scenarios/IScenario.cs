namespace Deconfliction.LoadTests.Scenarios;

/// <summary>One kind of load, and the figures that it gives.</summary>
internal interface IScenario
{
    /// <summary>Its name for <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>Whether it is run once a database.</summary>
    bool NeedsStore { get; }

    /// <summary>Runs it and puts its figures into the report.</summary>
    Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken);
}
