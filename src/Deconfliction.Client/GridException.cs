namespace Deconfliction.Client;

/// <summary>The grid answered with an error, or could not be asked.</summary>
public sealed class GridException : Exception
{
    /// <summary>Wraps an error.</summary>
    /// <param name="error">What the grid says of it.</param>
    /// <param name="cause">What was thrown beneath, if anything.</param>
    public GridException(GridError error, Exception? cause = null)
        : base($"{error.Status}: {error.Description}", cause) => Error = error;

    /// <summary>What is wrong, where, why, and what to do.</summary>
    public GridError Error { get; }
}
