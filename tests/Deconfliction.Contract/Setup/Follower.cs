using Deconfliction.Client;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Histories;

namespace Deconfliction.Contract.Setup;

/// <summary>
/// Follows a feed as an agency's system does: over one stream until it breaks, then from its last position at the next node that runs.
/// What it received is kept in order.
/// </summary>
public sealed class Follower : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<Delivery> _deliveries = [];
    private readonly List<Alert> _alerts = [];
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GridUnderTest _grid;
    private readonly Member _member;
    private Task _following = Task.CompletedTask;

    private Follower(GridUnderTest grid, Member member, string url) => (_grid, _member, Url) = (grid, member, url);

    /// <summary>Where it is, or was last, connected.</summary>
    public string Url { get; private set; }

    /// <summary>How many streams broke.</summary>
    public int Breaks { get; private set; }

    /// <summary>What it received, in order.</summary>
    public IReadOnlyList<Delivery> Deliveries => Copy(_deliveries);

    /// <summary>The alerts that it received, in order.</summary>
    public IReadOnlyList<Alert> Alerts => Copy(_alerts);

    /// <summary>Begins at an address, with the first alert of all.</summary>
    public static async Task<Follower> StartAsync(GridUnderTest grid, Member member, string url)
    {
        var follower = new Follower(grid, member, url);
        follower._following = Task.Run(follower.FollowAsync);
        await follower._connected.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return follower;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following;
        _end.Dispose();
    }

    private async Task FollowAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (true)
            {
                try
                {
                    await StreamAsync();
                }
                catch (GridException problem) when (problem.MayPassElsewhere())
                {
                    Breaks++;
                }

                await pause.WaitForNextTickAsync(_end.Token);
                Url = _grid.NextRunning(Url);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Told to end.
        }
        catch (GridException problem)
        {
            _connected.TrySetException(problem);
            throw;
        }
    }

    private async Task StreamAsync()
    {
        var last = _deliveries.Count == 0 ? 0 : _deliveries[^1].Position;
        await foreach (var message in _member.At(Url).Alerts.StreamAsync(new StreamAlertsRequest { AfterPosition = last }, _end.Token))
        {
            if (message.Alert is { } alert)
            {
                lock (_deliveries)
                {
                    _deliveries.Add(new Delivery(_member.Agency, alert.Position, Guid.Parse(alert.Alert_), Breaks));
                }

                lock (_alerts)
                {
                    _alerts.Add(alert);
                }
            }
            else
            {
                _connected.TrySetResult();
            }
        }
    }

    private static List<T> Copy<T>(List<T> list)
    {
        lock (list)
        {
            return [.. list];
        }
    }
}
