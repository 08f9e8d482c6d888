using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Recording;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Ledger;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Actors;

/// <summary>What every actor of a process shares.</summary>
/// <param name="Ledger">The durable record and the fence.</param>
/// <param name="Policy">Periods and limits of the rules.</param>
/// <param name="Ids">Makes the ids of overlaps, alerts and identifiers.</param>
/// <param name="Time">Serves time-outs; decisions take the ledger's time.</param>
/// <param name="Meters">Where durations are recorded.</param>
/// <param name="Logging">Makes the loggers.</param>
/// <param name="Nudge">Tells an agency's actor that alerts have committed; never waits, never throws.</param>
public sealed record ActorContext(
    ILedger Ledger,
    Policy Policy,
    IIdSource Ids,
    TimeProvider Time,
    GridMeters Meters,
    ILoggerFactory Logging,
    Action<AgencyId> Nudge)
{
    /// <summary>How identifiers with many claims come into memory; by default snapshots are kept in the ledger's database.</summary>
    public LongIdentifiers Long { get; init; } = new(Ledger, new LedgerSnapshots(Ledger), new GridOptions(), Time, Logging);

    internal ILogger Logger { get; } = Logging.CreateLogger("Deconfliction.Grid.Actors");

    internal ReplayedAnswers Replays { get; } = new(Ledger, Policy, new Recorder(Ledger));
}
