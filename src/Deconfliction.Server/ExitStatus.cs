namespace Deconfliction.Server;

/// <summary>What the process ends with.</summary>
internal static class ExitStatus
{
    /// <summary>It did what it was asked to.</summary>
    public const int Done = 0;

    /// <summary>It could not start: store, keys, certificates or ports.</summary>
    public const int CannotStart = 1;

    /// <summary>An option or argument is wrong.</summary>
    public const int WrongUse = 2;

    /// <summary>It ran, and had to end: a cluster declared it dead.</summary>
    public const int CannotGoOn = 3;
}
