using Deconfliction.Server;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// What a silo does when the cluster has declared it dead, when it has lost its database alone, or when Orleans cannot go on: it says so
/// and ends at once. Its identifiers live elsewhere by then or soon; what it still writes, the ledger's fence refuses.
/// </summary>
internal sealed class DeclaredDead : IFatalErrorHandler
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private int _hasEnded;

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        // What Orleans says of its death goes on with the whole membership table.
        var isDead = context?.Contains("told I am dead", StringComparison.Ordinal) == true;
        End(isDead ? "the others could not reach it for some seconds and declared it dead." : context ?? exception?.Message ?? "no cause was given.");
    }

    /// <summary>Ends the process.</summary>
    public void End(string why)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        Console.Error.WriteLine($"deconfliction-silo: this silo cannot go on in its cluster and ends: {why} Start it again; it joins as a new silo.");
        Console.Error.Flush();

        // An orderly exit may wait for what this silo cannot have any more.
        var end = new Thread(static () =>
        {
            Thread.Sleep(s_patience);
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        }) { IsBackground = true };
        end.Start();
        Environment.Exit(ExitStatus.CannotGoOn);
    }
}
