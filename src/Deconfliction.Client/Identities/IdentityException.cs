namespace Deconfliction.Client.Identities;

/// <summary>An identity or authority file cannot be used.</summary>
/// <param name="problem">What is wrong, and with which file.</param>
/// <param name="remedy">What to do about it.</param>
/// <param name="cause">What was thrown beneath, if anything.</param>
public sealed class IdentityException(string problem, string remedy, Exception? cause = null) : Exception(problem, cause)
{
    /// <summary>What to do about it.</summary>
    public string Remedy { get; } = remedy;
}
