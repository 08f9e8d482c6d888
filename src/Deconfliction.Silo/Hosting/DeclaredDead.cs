using Deconfliction.Server;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// What a silo does when the cluster has declared it dead, or when Orleans cannot go on: it says so and ends at once. Its identifiers live
/// elsewhere by then; what it still writes, the ledger's fence refuses.
/// </summary>
internal sealed class DeclaredDead : IFatalErrorHandler
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        Console.Error.WriteLine(
            $"deconfliction-silo: this silo cannot go on in its cluster and ends: {context ?? exception?.Message ?? "no cause given"} Start it again; it "
            + "joins as a new silo.");
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
