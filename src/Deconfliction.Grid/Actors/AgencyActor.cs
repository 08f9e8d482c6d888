using Deconfliction.Domain.Agencies;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Actors;

/// <summary>
/// The only one that numbers an agency's alerts. Knows no host; safe to call from any thread.
/// </summary>
/// <remarks>
/// An alert commits with its cause and without a number. Once nudged, the actor reads what has none, in order of id, and asks the
/// ledger for the positions behind the head. The ledger lets each position and each alert be used once; whoever loses reads the head
/// again. An alert that commits late, with an older id than one already numbered, simply comes later: the position is the order.
/// A nudge may be lost; the sweep finds the alert and nudges again. The first nudge is followed at once; those that come meanwhile are
/// followed together a little later, because a pass costs the same for one alert as for many.
/// </remarks>
public sealed class AgencyActor
{
    private const int Page = 500;
    private const int MaximumLostRaces = 8;
    private const long Unknown = -1;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);

    private const int Idle = 0;
    private const int Running = 1;
    private const int NudgedAgain = 2;

    private readonly AgencyId _agency;
    private readonly ActorContext _context;
    private readonly Lock _gate = new();
    private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _head = Unknown;
    private int _state = Idle;

    /// <summary>An actor that knows no head yet.</summary>
    public AgencyActor(AgencyId agency, ActorContext context)
    {
        _agency = agency;
        _context = context;
    }

    /// <summary>Says that alerts may be waiting for their numbers. Never waits, never throws.</summary>
    public void Nudge()
    {
        if (Interlocked.Exchange(ref _state, NudgedAgain) == Idle)
        {
            // Not on the caller's thread: it is an identifier's actor that has just committed.
            _ = Task.Run(RunAsync);
        }
    }

    /// <summary>The head as soon as it is beyond <paramref name="known"/>, or what it is when the time is up.</summary>
    public async Task<long> WaitForHeadAsync(long known, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _head) == Unknown)
        {
            var bounds = await _context.Ledger.ReadFeedBoundsAsync(_agency, cancellationToken);
            Advance(bounds.Head);
        }

        var started = _context.Time.GetTimestamp();
        while (true)
        {
            var (head, advanced) = Look();
            var left = wait - _context.Time.GetElapsedTime(started);
            if (head > known || left <= TimeSpan.Zero)
            {
                return head;
            }

            try
            {
                await advanced.WaitAsync(left, _context.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return Look().Head;
            }
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            Volatile.Write(ref _state, Running);
            var started = _context.Time.GetTimestamp();
            try
            {
                await NumberAsync();
            }
            catch (Exception e)
            {
                // Whatever it was, the alerts are still in the ledger, and the sweep nudges again.
                _context.Logger.NumberingFailed(_agency.Value, e);
            }

            if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
            {
                return;
            }

            var left = s_pace - _context.Time.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, _context.Time);
            }
        }
    }

    private async Task NumberAsync()
    {
        using var span = GridTracing.StartNumbering();
        var ledger = _context.Ledger;
        var head = Volatile.Read(ref _head);
        if (head == Unknown)
        {
            head = await ReadHeadAsync();
        }

        for (var lost = 0; lost < MaximumLostRaces;)
        {
            var alerts = await ledger.ReadUnnumberedAsync(_agency, Page, CancellationToken.None);
            if (alerts.Count == 0)
            {
                await ReadHeadAsync(); // Another actor of this agency may have numbered them, and readers wait here.
                return;
            }

            if (await TryNumberAsync(head, alerts))
            {
                head += alerts.Count;
                Advance(head);
                if (alerts.Count < Page)
                {
                    return; // Who came later has nudged again.
                }
            }
            else
            {
                lost++;
                _context.Logger.NumberingLost(_agency.Value);
                head = await ReadHeadAsync();
            }
        }
    }

    private async Task<long> ReadHeadAsync()
    {
        var head = (await _context.Ledger.ReadFeedBoundsAsync(_agency, CancellationToken.None)).Head;
        Advance(head);
        return head;
    }

    private async Task<bool> TryNumberAsync(long head, IReadOnlyList<Domain.Alerts.Alert> alerts)
    {
        _context.Meters.Backlog(alerts.Count);
        try
        {
            var ids = alerts.Select(static alert => alert.Id).ToList();
            return await _context.Ledger.NumberAsync(_agency, head + 1, ids, CancellationToken.None);
        }
        finally
        {
            _context.Meters.Backlog(-alerts.Count);
        }
    }

    private (long Head, Task Advanced) Look()
    {
        lock (_gate)
        {
            return (_head, _advanced.Task);
        }
    }

    private void Advance(long head)
    {
        TaskCompletionSource passed;
        lock (_gate)
        {
            if (head <= _head)
            {
                return;
            }

            _head = head;
            passed = _advanced;
            _advanced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        passed.SetResult();
    }
}
