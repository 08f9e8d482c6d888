using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Hosting;
using Deconfliction.Ledger;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Messages;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// What the grid calls on a silo: each turn goes to its identifier's grain, on whichever silo that lives. Admission is bounded here too.
/// </summary>
/// <remarks>
/// A silo lost on the way is no answer, and neither is one that is out of reach, whose identifiers are answered here meanwhile. The turn is
/// asked again under its own request id, so that what was committed is answered and what was not is done; until the caller's deadline, or until it is given up. Then the outcome is unknown, and is said to be: never that there
/// is nothing to disclose.
/// </remarks>
internal sealed class ClusterActors : IActors
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly GridOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Admission _admission;
    private readonly ConcurrentDictionary<AgencyId, NudgeLine> _nudges = new();
    private Joined? _joined;

    public ClusterActors(GridOptions options, GridMeters meters, TimeProvider time, ILoggerFactory logging)
    {
        _options = options;
        _time = time;
        _log = logging.CreateLogger("Deconfliction.Silo.Actors");
        _admission = new Admission(options, meters);
    }

    private Joined Cluster => Volatile.Read(ref _joined)
        ?? throw new LedgerUnavailableException("This silo has not joined its cluster yet; nothing was done. Ask another, or again in a moment.");

    /// <summary>From now on there is a cluster to ask.</summary>
    public void Join(IGrainFactory grains, OwnerDirectory directory, Reach reach) => Volatile.Write(ref _joined, new Joined(grains, directory, reach));

    /// <summary>Takes no more turns and waits for those under way; how many are left when the time is up.</summary>
    public Task<int> DrainAsync() => _admission.DrainAsync(_options.DrainTimeout, _time);

    /// <inheritdoc/>
    public async Task<Answer> AskAsync(TagKey key, Turn turn, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lane = turn.Request.Lane;
        _admission.Enter(lane);
        try
        {
            var cluster = Cluster;
            var grain = cluster.GrainOf(key.Tag);
            var message = new TurnMessage(key.KeyId, turn);
            var started = _time.GetTimestamp();
            SiloTracing.Carry();
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return (await grain.AskAsync(message, cancellationToken).WaitAsync(cluster.WhileHeld(grain.GetGrainId()))).AnswerOrThrow();
                }
                catch (Exception trouble) when (IsTrouble(trouble) || IsLost(trouble, cancellationToken))
                {
                    SiloLog.AskedAgain(_log, key.Tag.ToString(), attempt, trouble);
                    if (_time.GetElapsedTime(started) > s_patience)
                    {
                        throw GivenUp(turn, trouble);
                    }
                }

                await Task.Delay(Pause(attempt), _time, cancellationToken);
            }
        }
        finally
        {
            _admission.Leave(lane);
        }
    }

    /// <inheritdoc/>
    public void Nudge(AgencyId agency)
    {
        if (Volatile.Read(ref _joined) is not null)
        {
            _nudges.GetOrAdd(agency, static (id, self) => new NudgeLine(id, self.Cluster.GrainOf(id), self._log), this).Nudge();
        }
    }

    /// <inheritdoc/>
    public async Task<long> WaitForHeadAsync(AgencyId agency, long known, TimeSpan wait, CancellationToken cancellationToken)
    {
        var cluster = Cluster;
        var grain = cluster.GrainOf(agency);
        var started = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var left = wait - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return known;
            }

            try
            {
                if (await grain.WaitForHeadAsync(known, left, cancellationToken).WaitAsync(cluster.WhileHeld(grain.GetGrainId())) is var head && head > known)
                {
                    return head;
                }
            }
            catch (Exception trouble) when (IsTrouble(trouble) || IsLost(trouble, cancellationToken))
            {
                SiloLog.NudgeLost(_log, agency.Value, trouble);
            }

            // The grain has moved, or its silo is gone.
            var pause = Pause(attempt);
            await Task.Delay(pause < left ? pause : left, _time, cancellationToken);
        }
    }

    // What Orleans throws where a silo does not answer, refuses or is gone. What the turn itself throws comes as a part of the answer.
    internal static bool IsTrouble(Exception exception) => exception is OrleansException or TimeoutException;

    private static bool IsLost(Exception exception, CancellationToken caller) => exception is OperationCanceledException && !caller.IsCancellationRequested;

    private static TimeSpan Pause(int attempt)
    {
        var longest = Math.Min(s_longestPause.TotalMilliseconds, s_pause.TotalMilliseconds * attempt);
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private static Exception GivenUp(Turn turn, Exception trouble) => turn.Request.RequestId is null
        ? new LedgerUnavailableException("The silo of this identifier could not be reached for a minute. Try again.", trouble)
        : new OutcomeUnknownException(
            "The silo of this identifier could not be reached for a minute, and the request may have been carried out. Repeat it with the same "
            + "request id.", trouble);

    // The cluster as its grains are called. To find an interface's type by the interface, as GetGrain<T> does, reads its attributes anew each
    // time: 4 % of a claim.
    private sealed class Joined(IGrainFactory grains, OwnerDirectory directory, Reach reach)
    {
        private readonly GrainInterfaceType _identifiers =
            ((GrainReference)grains.GetGrain<IIdentifierGrain>(TagKeys.Key(new Tag(new byte[Tag.Length])))).InterfaceType;

        public IIdentifierGrain GrainOf(Tag tag) => (IIdentifierGrain)grains.GetGrain(TagKeys.Grain(tag), _identifiers);

        public IAgencyGrain GrainOf(AgencyId agency) => grains.GetGrain<IAgencyGrain>(agency.Value);

        /// <summary>Is cancelled when the grain's silo is lost: an answer that is on its way from there may come in half a minute, or never.</summary>
        public CancellationToken WhileHeld(GrainId grain) =>
            directory.OwnerOf(grain) is { } owner && !owner.Equals(directory.Here) ? reach.WhileHeld(owner) : CancellationToken.None;
    }
}
