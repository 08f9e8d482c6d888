using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Grid.Actors;

/// <summary>
/// Where the actors run. <see cref="Solo.SoloActors"/> runs them in this process; a cluster runs each as a grain. Whatever else
/// the grid does is written against this and knows no host.
/// </summary>
/// <remarks>
/// A host need not promise that an actor exists once: the ledger's version is the fence. It should only make it likely, because
/// every second one costs a reload.
/// </remarks>
public interface IActors
{
    /// <summary>
    /// Hands a turn to the identifier's actor and gives its answer. The turns of an actor run one at a time.
    /// </summary>
    /// <param name="key">The identifier; the key id is 0 where the identifier is known to be in the ledger.</param>
    /// <param name="turn">What is asked.</param>
    /// <param name="cancellationToken">
    /// Abandons the wait. A turn that has not begun is dropped; one that has goes on, and its commit may happen.
    /// </param>
    /// <exception cref="GridOverloadedException">A queue is full, or another process keeps winning; nothing was done.</exception>
    Task<Answer> AskAsync(TagKey key, Turn turn, CancellationToken cancellationToken);

    /// <summary>
    /// Tells the agency's actor that alerts may be waiting for their numbers. Never waits and never throws; a nudge may be lost,
    /// because the sweep finds what it was for.
    /// </summary>
    void Nudge(AgencyId agency);

    /// <summary>
    /// The head of an agency's feed, as soon as it is beyond a known position, or whatever it is when the time is up. A host
    /// keeps nothing for a waiting reader but the wait itself.
    /// </summary>
    /// <param name="agency">Whose feed.</param>
    /// <param name="known">The position that the reader has reached.</param>
    /// <param name="wait">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<long> WaitForHeadAsync(AgencyId agency, long known, TimeSpan wait, CancellationToken cancellationToken);
}
