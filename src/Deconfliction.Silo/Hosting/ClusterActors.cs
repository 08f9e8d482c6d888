using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
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
    private OwnerDirectory? _directory;
    private Reach? _reach;
    private IGrainFactory? _grains;

    public ClusterActors(GridOptions options, GridMeters meters, TimeProvider time, ILoggerFactory logging)
    {
        _options = options;
        _time = time;
        _log = logging.CreateLogger("Deconfliction.Silo.Actors");
        _admission = new Admission(options, meters);
    }

    private IGrainFactory Grains => Volatile.Read(ref _grains)
        ?? throw new LedgerUnavailableException("This silo has not joined its cluster yet; nothing was done. Ask another, or again in a moment.");

    /// <summary>From now on there is a cluster to ask.</summary>
    public void Join(IGrainFactory grains, OwnerDirectory directory, Reach reach)
    {
        (_directory, _reach) = (directory, reach);
        Volatile.Write(ref _grains, grains);
    }

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
            var grain = Grains.GetGrain<IIdentifierGrain>(TagKeys.Key(key.Tag));
            var message = new TurnMessage(key.KeyId, turn);
            var started = _time.GetTimestamp();
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return (await grain.AskAsync(message, cancellationToken).WaitAsync(WhileHeld(grain.GetGrainId()))).AnswerOrThrow();
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
        if (Volatile.Read(ref _grains) is { } grains)
        {
            _nudges.GetOrAdd(agency, static (id, self) => new NudgeLine(id, self.Grains.GetGrain<IAgencyGrain>(id.Value), self._log), this).Nudge();
        }
    }

    /// <inheritdoc/>
    public async Task<long> WaitForHeadAsync(AgencyId agency, long known, TimeSpan wait, CancellationToken cancellationToken)
    {
        var grain = Grains.GetGrain<IAgencyGrain>(agency.Value);
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
                if (await grain.WaitForHeadAsync(known, left, cancellationToken).WaitAsync(WhileHeld(grain.GetGrainId())) is var head && head > known)
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

    // An answer that is on its way from a silo that is lost may come in half a minute, or never.
    private CancellationToken WhileHeld(GrainId grain) =>
        _directory!.OwnerOf(grain) is { } owner && !owner.Equals(_directory.Here) ? _reach!.WhileHeld(owner) : CancellationToken.None;

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
}
