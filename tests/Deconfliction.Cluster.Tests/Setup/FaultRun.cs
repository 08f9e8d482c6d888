using System.Diagnostics;
using Deconfliction.Contract.Histories;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Histories;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Setup;

/// <summary>
/// A cluster under random load while a fault is done to it, with a follower on each feed; in the end the history, the feeds as followed and
/// the audit record are judged.
/// </summary>
public sealed class FaultRun : IAsyncDisposable
{
    // Eighteen workers, and so some 60 operations a second: each fault meets turns under way, and silos that start have a processor too.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<(Member Member, Follower Follower)> _followers = [];
    private readonly ITestOutputHelper _output;
    private readonly int _seed;
    private readonly long _started = Stopwatch.GetTimestamp();
    private bool _holds;

    private FaultRun(ClusterUnderTest cluster, ITestOutputHelper output, int seed) => (Cluster, _output, _seed) = (cluster, output, seed);

    /// <summary>The cluster.</summary>
    public ClusterUnderTest Cluster { get; }

    /// <summary>The agencies that work.</summary>
    public IReadOnlyList<Member> Members { get; private set; } = [];

    /// <summary>Who reads the record.</summary>
    public Member Auditor { get; private set; } = null!;

    /// <summary>What they do.</summary>
    public Workload Work { get; private set; } = null!;

    /// <summary>Their doing it.</summary>
    public Task Working { get; private set; } = Task.CompletedTask;

    /// <summary>Begins on a cluster that runs.</summary>
    public static async Task<FaultRun> BeginAsync(ClusterUnderTest cluster, ITestOutputHelper output, int seed, int identifiers = 60)
    {
        var run = new FaultRun(cluster, output, seed) { Auditor = await cluster.AddMemberAsync("auditor", AgencyRole.Auditor) };
        run.Members = await Contract.Setup.Members.AddAsync(cluster, 6);
        foreach (var member in run.Members)
        {
            run._followers.Add((member, await Follower.StartAsync(cluster, member, member.Url)));
        }

        run.Work = new Workload(cluster, run.Members, seed, identifiers, workersEach: 3, LongestPause);
        run.Working = run.Work.RunAsync(run._stop.Token);
        await run.MoreAsync(200);
        return run;
    }

    /// <summary>Prints a line with the time since the run began and the operations answered.</summary>
    public void Say(string what) =>
        _output.WriteLine($"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:0.0} s  {Work.History.Count,6} answered  {what}");

    /// <summary>Until so many more operations were answered.</summary>
    public Task MoreAsync(int operations) => Work.MoreAsync(operations, Working);

    /// <summary>Until a time has passed under load; fails with the load.</summary>
    public async Task LastAsync(TimeSpan time)
    {
        var since = Stopwatch.GetTimestamp();
        await Waiting.UntilAsync("the time of the fault is over", time + TimeSpan.FromMinutes(2), async () =>
        {
            if (Working.IsFaulted)
            {
                await Working;
            }

            return Stopwatch.GetElapsedTime(since) >= time;
        });
    }

    /// <summary>Ends the load, and judges.</summary>
    public async Task AssertHoldsAsync()
    {
        await _stop.CancelAsync();
        await Working;
        Say("the load has ended");
        var operations = Work.History.Operations;
        _output.WriteLine(
            $"seed {_seed}: {operations.Count} operations, {operations.Count(one => one.Tries > 1)} of them sent more than once, "
            + $"the slowest answered after {operations.Max(one => Stopwatch.GetElapsedTime(one.Asked, one.Answered)).TotalSeconds:0.0} s; "
            + $"{string.Join(", ", operations.GroupBy(one => one.Did).Select(group => $"{group.Count()} {group.Key}"))}");
        await Verdict.AssertHoldsAsync(Cluster, Members, Auditor, Work.History, _seed);
        foreach (var (member, follower) in _followers)
        {
            await AssertFollowedAsync(member, follower);
        }

        _output.WriteLine("I1-I7 hold");
        _holds = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(Working, Task.Delay(TimeSpan.FromSeconds(130)));
        foreach (var (_, follower) in _followers)
        {
            await follower.DisposeAsync();
        }

        _stop.Dispose();
        if (!_holds)
        {
            Say("it ended here, without a verdict");
            Cluster.Say(_output);
        }
    }

    private async Task AssertFollowedAsync(Member member, Follower follower)
    {
        var feed = await Member.ReadFeedAsync(member.At(Cluster.NextRunning(member.Url)));
        await Waiting.UntilAsync(
            () => $"{member.Agency}'s follower, now at {follower.Url}, has the whole feed: {follower.Deliveries.Count} of {feed.Count}",
            TimeSpan.FromMinutes(2),
            () => Task.FromResult(follower.Deliveries.Count >= feed.Count));
        feed = await Member.ReadFeedAsync(member.At(Cluster.NextRunning(member.Url)));
        var problems = DeliveryChecker.Check(follower.Deliveries, [.. feed.Select(alert => (alert.Position, Guid.Parse(alert.Alert_)))]);
        Assert.True(problems.Count == 0, $"Seed {_seed}:\n{string.Join('\n', problems.Take(20))}");
        _output.WriteLine($"{member.Agency}: {feed.Count} alerts followed in order over {follower.Breaks + 1} streams");
    }
}
