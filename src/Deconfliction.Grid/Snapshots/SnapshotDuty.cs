using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Deciding.Snapshots;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Grid.Snapshots;

/// <summary>
/// An actor's part in snapshots: after a turn it starts the next one where it is due, and rests its state on the last one that was kept,
/// which takes a tenth of the memory.
/// </summary>
internal sealed class SnapshotDuty(Tag tag, LongIdentifiers identifiers, TimeProvider time)
{
    private Task<Snapshot?>? _writing;
    private IdentifierState? _written;
    private long? _last;

    /// <summary>To be called between turns, with the state that is held.</summary>
    public void AfterTurn(IdentifierState state, Guid identifierId)
    {
        if (_writing is { IsCompletedSuccessfully: true })
        {
            if (_writing.Result is { } snapshot && ReferenceEquals(_written, state))
            {
                state.RestOn(snapshot);
            }

            (_writing, _written) = (null, null);
        }

        if (_writing is null && identifiers.IsDue(state, _last) && identifiers.TryBegin(tag, identifierId, state, out var writing))
        {
            (_writing, _written, _last) = (writing, state, time.GetTimestamp());
        }
    }
}
