using Deconfliction.Server;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// What a silo does when the cluster has declared it dead, when it has lost its database alone, or when Orleans cannot go on: it says so
/// and ends at once. Its identifiers live elsewhere by then or soon; what it still writes, the ledger's fence refuses.
/// </summary>
/// <param name="services">Orleans', for the silos that there are.</param>
internal sealed class DeclaredDead(IServiceProvider services) : IFatalErrorHandler
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private int _hasEnded;

    /// <summary>Whether the silo has come into its cluster: before that it cannot start, after it it cannot go on.</summary>
    public bool HasJoined { get; set; }

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        // What Orleans says of its death goes on with the whole membership table.
        var isDead = context?.Contains("told I am dead", StringComparison.Ordinal) == true;
        End(isDead ? DeathOf() : context ?? exception?.Message ?? "no cause was given.");
    }

    /// <summary>Ends the process.</summary>
    public void End(string why)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        Console.Error.WriteLine($"deconfliction-silo: this silo cannot {(HasJoined ? "go on in" : "join")} its cluster and ends: {why} Start it again; it joins as a new silo.");
        Console.Error.Flush();

        // An orderly exit may wait for what this silo cannot have any more.
        var end = new Thread(static () =>
        {
            Thread.Sleep(s_patience);
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        }) { IsBackground = true };
        end.Start();
        Environment.Exit(HasJoined ? ExitStatus.CannotGoOn : ExitStatus.CannotStart);
    }

    // One that does not reach all others while it joins takes itself out of the table again (MaxJoinAttemptTime), where they do not do it before.
    private string DeathOf() => HasJoined
        ? "the others could not reach it for some seconds and declared it dead."
        : $"it and those that are active ({Active()}) did not all reach each other; its log says why. Let silos reach each other at what --silo says, by "
        + "identities of the same authority.";

    private string Active() => string.Join(", ", services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values
        .Where(static member => member.Status == SiloStatus.Active)
        .Select(static member => $"{member.Name} at {member.SiloAddress.Endpoint}")
        .Order(StringComparer.Ordinal));
}
