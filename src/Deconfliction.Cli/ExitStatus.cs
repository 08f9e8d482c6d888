namespace Deconfliction.Cli;

/// <summary>What the program tells its caller.</summary>
internal enum ExitStatus
{
    /// <summary>All was done.</summary>
    Done = 0,

    /// <summary>Some items, or the one item, were rejected.</summary>
    SomeRejected = 1,

    /// <summary>The command line, or a file that it names, is wrong. Nothing was asked of the server.</summary>
    WrongUse = 2,

    /// <summary>The server cannot be reached, or did not answer in time.</summary>
    Unreachable = 3,

    /// <summary>The identity or the permission was refused.</summary>
    Refused = 4,

    /// <summary>The user stopped it (128 + SIGINT, as shells have it).</summary>
    Interrupted = 130,
}
