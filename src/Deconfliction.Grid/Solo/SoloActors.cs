using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Hosting;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Ledger;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Solo;

/// <summary>Runs all actors in this process: identifiers by <see cref="LocalIdentifiers"/>, and one actor for each agency.</summary>
public sealed class SoloActors : IActors, IAsyncDisposable
{
    private readonly ActorContext _context;
    private readonly LocalIdentifiers _identifiers;
    private readonly ConcurrentDictionary<AgencyId, AgencyActor> _agencies = new();

    /// <summary>No actor yet; each is made when it is first asked.</summary>
    public SoloActors(
        ILedger ledger, GridOptions options, IIdSource ids, TimeProvider time, GridMeters meters, ILoggerFactory logging)
    {
        _context = new ActorContext(ledger, options.Policy, ids, time, meters, logging, Nudge)
        {
            Long = new LongIdentifiers(ledger, new LedgerSnapshots(ledger), options, time, logging),
        };
        _identifiers = new LocalIdentifiers(options.Validated(), _context);
    }

    /// <summary>Identifiers held in memory.</summary>
    public int ActiveActors => _identifiers.Count;

    /// <summary>What they weigh together, by estimate, in bytes.</summary>
    public long ActiveBytes => _identifiers.Weight;

    /// <inheritdoc/>
    public Task<Answer> AskAsync(TagKey key, Turn turn, CancellationToken cancellationToken) =>
        _identifiers.AskAsync(key, turn, cancellationToken);

    /// <inheritdoc/>
    public void Nudge(AgencyId agency) => ActorOf(agency).Nudge();

    /// <inheritdoc/>
    public Task<long> WaitForHeadAsync(AgencyId agency, long known, TimeSpan wait, CancellationToken cancellationToken) =>
        ActorOf(agency).WaitForHeadAsync(known, wait, cancellationToken);

    /// <summary>Takes no more turns, and waits for those that it has, as long as the options say.</summary>
    public ValueTask DisposeAsync() => _identifiers.DisposeAsync();

    private AgencyActor ActorOf(AgencyId agency) =>
        _agencies.GetOrAdd(agency, static (id, context) => new AgencyActor(id, context), _context);
}
