using System.Diagnostics;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Ledger;

namespace Deconfliction.Grid.Hosting;

/// <summary>A turn that waits, and the promise of its answer. Its own link in the mailbox's queue.</summary>
internal sealed class PendingTurn(int keyId, Turn turn) : TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private CancellationTokenRegistration _registration;

    public int KeyId { get; } = keyId;

    public Turn Turn { get; } = turn;

    /// <summary>The asker's span: the pump may have been started by another.</summary>
    public Activity? Asker { get; } = Activity.Current;

    public Lane Lane => Turn.Request.Lane;

    public PendingTurn? Next { get; set; }

    /// <summary>Whether the caller has gone. If so the turn is dropped, unless it has begun.</summary>
    public bool IsAbandoned => Task.IsCompleted;

    /// <summary>Lets the caller's token end the wait, and only the wait.</summary>
    public void AbandonOn(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (self, token) => ((PendingTurn)self!).TrySetCanceled(token), this);
        }
    }

    /// <summary>Gives the answer, if somebody still waits for it.</summary>
    public void Answer(Answer answer)
    {
        TrySetResult(answer);
        _registration.Dispose();
    }

    /// <summary>It was never posted.</summary>
    public void Dismiss() => _registration.Dispose();

    /// <summary>Hands the failure to the caller; false where it has gone.</summary>
    public bool Fail(Exception exception)
    {
        var taken = TrySetException(exception);
        _registration.Dispose();
        return taken;
    }
}
