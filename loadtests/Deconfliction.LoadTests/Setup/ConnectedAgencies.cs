using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Setup;

/// <summary>Many agencies that follow their feeds, each over a connection of its own.</summary>
internal sealed class ConnectedAgencies : IAsyncDisposable
{
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _following;

    private ConnectedAgencies(IReadOnlyList<AgencyUnderLoad> agencies, Action<int> connected, Action<Alert> told)
    {
        Agencies = agencies;
        _following = [.. agencies.Select((agency, index) => Task.Run(() => agency.FollowAsync(() => connected(index), told, _end.Token)))];
    }

    /// <summary>The agencies.</summary>
    public IReadOnlyList<AgencyUnderLoad> Agencies { get; }

    /// <summary>Connects all at once and waits until each has been told where its feed is.</summary>
    /// <param name="agencies">The agencies, which are not connected yet; they end with this.</param>
    /// <param name="connected">Told when one is connected, and by its index which; then at each sign of life.</param>
    /// <param name="told">Told of each alert.</param>
    public static async Task<ConnectedAgencies> ConnectAsync(
        IReadOnlyList<AgencyUnderLoad> agencies, Action<int> connected, Action<Alert> told)
    {
        var seen = new int[agencies.Count];
        var all = new ConnectedAgencies(
            agencies,
            index =>
            {
                connected(index);
                Interlocked.Exchange(ref seen[index], 1);
            },
            told);
        try
        {
            await Waiting.UntilAsync(
                $"all {agencies.Count} agencies are connected", s_connectLimit,
                () => Array.Find(all._following, static one => one.IsCompleted) is { } ended ? ThrowAsync(ended) : Task.FromResult(Array.TrueForAll(seen, static one => one == 1)));
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    /// <summary>Throws what ended a feed that nobody wanted to end.</summary>
    public async Task ThrowIfAnyEndedAsync()
    {
        if (Array.Find(_following, static one => one.IsCompleted) is { } ended)
        {
            await ThrowAsync(ended);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var agency in Agencies)
        {
            await agency.DisposeAsync();
        }

        // What ended one before was thrown where it mattered.
        await Task.WhenAll(_following).ContinueWith(static all => all.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _end.Dispose();
    }

    private static async Task<bool> ThrowAsync(Task ended)
    {
        await ended;
        throw new InvalidOperationException("A feed ended by itself.");
    }
}
