using Deconfliction.Grid;
using Deconfliction.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// Where the editions differ: solo is one process that has its store alone, a silo is one of several that share it. Everything else of
/// <see cref="ServerHost"/> is the same in both.
/// </summary>
internal interface IEdition
{
    /// <summary>The program's name, as it is started and as it speaks of itself.</summary>
    string Program { get; }

    /// <summary>What this process is called on the operations pages.</summary>
    string NodeName { get; }

    /// <summary>How the ledger is opened: alone or with others.</summary>
    LedgerOptions Open(LedgerOptions options);

    /// <summary>
    /// Lets one process at a time through what must happen once for a store: its keys, its authority, its first operator. Whoever
    /// disposes of what it was given lets the next one in.
    /// </summary>
    Task<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken);

    /// <summary>Starts the grid over the ledger; its disposal stops it.</summary>
    Task<IRunningGrid> StartGridAsync(
        ILedger ledger, GridOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken);

    /// <summary>How long, once told to stop, it says that it will before its listeners end.</summary>
    TimeSpan StopNotice { get; }

    /// <summary>Why the process should not be sent work although its store answers; empty where it should. Asked once a second.</summary>
    string Problem { get; }

    /// <summary>A page of the operations listener beside those of health, as JSON; nothing where there is none at this path.</summary>
    Task<string?> PageAsync(string path, CancellationToken cancellationToken);

    /// <summary>Adds what the operations pages have of its own: where there are several processes, how they see and stop each other.</summary>
    void AddOps(IServiceCollection services);

    /// <summary>The operations pages' parts are there; the listeners are not yet.</summary>
    void JoinOps(IServiceProvider services);
}

/// <summary>One process that has its store alone.</summary>
internal sealed class SoloEdition : IEdition
{
    public string Program => "deconfliction-server";

    public string Problem => "";

    public string NodeName { get; } = Environment.MachineName.ToLowerInvariant();

    // There is nowhere else to send its work.
    public TimeSpan StopNotice => TimeSpan.Zero;

    public LedgerOptions Open(LedgerOptions options) => options;

    public Task<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable>(Alone.Instance);

    public async Task<IRunningGrid> StartGridAsync(
        ILedger ledger, GridOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken) =>
        await SoloGrid.StartAsync(ledger, options, time, logging, cancellationToken);

    public Task<string?> PageAsync(string path, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public void AddOps(IServiceCollection services)
    {
        // This process sees itself, and nobody else.
    }

    public void JoinOps(IServiceProvider services)
    {
        // Nobody else asks.
    }

    // The store's lock has seen to it that nobody else is there.
    private sealed class Alone : IAsyncDisposable
    {
        public static Alone Instance { get; } = new();

        public ValueTask DisposeAsync() => default;
    }
}
