namespace Deconfliction.LoadTests.Rows;

/// <summary>One or several rows of the table that are measured together.</summary>
internal interface IRow
{
    /// <summary>Its name for <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>Whether it needs a large store, and so only runs where that is asked for.</summary>
    bool IsLarge => false;

    /// <summary>Measures it, and puts what it gave into the bench's result.</summary>
    Task RunAsync(RowBench bench, CancellationToken cancellationToken);
}
