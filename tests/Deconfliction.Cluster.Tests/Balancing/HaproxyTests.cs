using System.Diagnostics;
using System.Net;
using Deconfliction.Client;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Balancing;

/// <summary>HAProxy, with the file that is shipped, before three silos: gRPC over mutual TLS passes, and goes on when a silo does not.</summary>
[Collection(OneAtATime.Name)]
public sealed class HaproxyTests(ITestOutputHelper output)
{
    // Against hanging only: how soon a silo is found gone is measured elsewhere.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // HAProxy asks for their health as where it is deployed: over TLS.
    private static readonly string[] AsShipped = ["--ops-tls", "server"];

    [Fact]
    public async Task File_AsShipped_IsValid()
    {
        var (exitCode, said) = await HaproxyProcess.RunAsync("-c", "-f", HaproxyProcess.ShippedFile);
        Assert.True(exitCode == 0 && !said.Contains("WARNING", StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task Silo_KilledOrStandingStill_CallsAndFeedsGoOnThroughHaproxy()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync(), network: null, AsShipped);
        using var folder = new TemporaryFolder();
        await using var haproxy = await HaproxyProcess.StartAsync(folder, cluster.Silos);

        // A connection each, so that each silo gets one: HAProxy gives the next to the silo with the fewest.
        var members = new List<Member>();
        for (var number = 1; number <= 3; number++)
        {
            var agency = (await cluster.AddMemberAsync($"agency-{number}")).Agency;
            members.Add(cluster.Connect(agency, haproxy.Url));
            await ClaimAsync(members[^1], "before@example.org");
        }

        await using var feed = Feed.Open(members[1]);
        try
        {
            await cluster.TryAsync(output, () => EndureAsync(cluster, members, feed));
        }
        finally
        {
            output.WriteLine(haproxy.Log);
        }
    }

    private async Task EndureAsync(ClusterUnderTest cluster, IReadOnlyList<Member> members, Feed feed)
    {
        await feed.UntilAsync(alerts => alerts.Count >= 1);
        foreach (var (what, fault, left) in new (string, Func<Task>, int)[]
        {
            ("killed", cluster.Silos[1].KillAsync, 2), ("stopped", cluster.Silos[2].SuspendAsync, 1),
        })
        {
            var since = Stopwatch.GetTimestamp();
            await fault();
            await Task.WhenAll(members.Select(member => ClaimAsync(member, $"{what}@example.org")));
            output.WriteLine($"{what}: every agency was answered again after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s");
            await feed.UntilAsync(alerts => alerts.Count(alert => alert.Identifier == $"{what}@example.org") == 2);
            output.WriteLine($"{what}: the feed went on after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s, on its stream {feed.Streams}");

            // One fault at a time: while three count as active, the last of them cannot declare the others dead by its vote alone.
            await Waiting.UntilAsync($"{left} are left as active", Limit, async () => (await cluster.ActiveAsync()).Count == left);
            output.WriteLine($"{what}: declared dead by then, {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s");
        }

        // I5 over all streams.
        var positions = feed.Alerts.Select(alert => alert.Position).ToList();
        Assert.Equal(Enumerable.Range(1, positions.Count).Select(position => (long)position), positions);
        await cluster.Silos[2].ResumeAsync();
    }

    [Fact]
    public async Task Silo_Drained_GetsNothingNewAndKeepsWhatItHasUntilItEnds()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(2, await PostgresServer.CommonAsync(), network: null, AsShipped);
        using var folder = new TemporaryFolder();
        await using var haproxy = await HaproxyProcess.StartAsync(folder, cluster.Silos);

        // Two agencies, so that each silo has one's connection; their claims are not answered while somebody keeps their table.
        var members = new List<Member>();
        foreach (var name in (string[])["alpha", "bravo"])
        {
            members.Add(cluster.Connect((await cluster.AddMemberAsync(name)).Agency, haproxy.Url));
            await ClaimAsync(members[^1], "before@example.org");
        }

        Task<int> stopping;
        Task<CreateClaimResponse[]> answers;
        await using (var keeper = new NpgsqlConnection(cluster.Connection))
        {
            await keeper.OpenAsync();
            await using var transaction = await keeper.BeginTransactionAsync();
            await using (var command = new NpgsqlCommand("LOCK TABLE claim IN SHARE MODE", keeper, transaction))
            {
                await command.ExecuteNonQueryAsync();
            }

            answers = Task.WhenAll(members.Select(member => member.Client.Claims.CreateAsync(Requests.Claim("during@example.org", "case"), CancellationToken.None)));
            await Waiting.UntilAsync("a claim is under way", Limit, async () => await cluster.CountAsync("pg_locks WHERE NOT granted AND relation = 'claim'::regclass") > 0);
            stopping = cluster.Silos[1].StopAsync(Limit);
            await AssertStillToldAsync(cluster.Silos[1], haproxy);
            await transaction.RollbackAsync();
        }

        Assert.All(await answers, answer => Assert.NotEmpty(answer.Claim.Claim_));
        Assert.Equal(0, await stopping);

        // While it ends, HAProxy must not have held it for dead: that shuts its sessions, and with them calls that it is about to answer.
        await Waiting.UntilAsync(
            () => $"HAProxy has seen its end:\n{haproxy.Log}", Limit, () => Task.FromResult(haproxy.Log.Contains("silo-2 is DOWN", StringComparison.Ordinal)));
        var told = haproxy.Log.IndexOf("silo-2 is stopping", StringComparison.Ordinal);
        Assert.True(told >= 0 && told < haproxy.Log.IndexOf("silo-2 is DOWN", StringComparison.Ordinal), haproxy.Log);
        await ClaimAsync(cluster.Connect((await cluster.AddMemberAsync("member")).Agency, haproxy.Url), "a@example.org");
    }

    // From when agencies can connect to it no more, for longer than HAProxy takes to hold for dead who does not answer.
    private static async Task AssertStillToldAsync(SiloProcess silo, HaproxyProcess haproxy)
    {
        await Waiting.UntilAsync("agencies can connect no more", Limit, async () => !await HaproxyProcess.ListensAsync(silo.Port));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var asked = 0; asked < 6; asked++)
        {
            Assert.Equal(HttpStatusCode.NotFound, await silo.AskReadyAsync());
            await pace.WaitForNextTickAsync();
        }

        Assert.DoesNotContain($"{silo.Name} is DOWN", haproxy.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agency_WithoutACertificateOfTheGrid_IsRefusedThroughHaproxyAsWithoutIt()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(1, await PostgresServer.CommonAsync(), network: null, AsShipped);
        await using var another = await ClusterUnderTest.StartAsync(1, await PostgresServer.CommonAsync());
        using var folder = new TemporaryFolder();
        await using var haproxy = await HaproxyProcess.StartAsync(folder, cluster.Silos);
        var stranger = await another.AddMemberAsync("stranger");
        await using var refused = new Member(stranger.Agency, cluster, haproxy.Url, another.IdentityOf(stranger.Agency));
        var problem = await Assert.ThrowsAsync<GridException>(() => refused.Client.Checks.CheckAsync(Requests.Check("a@example.org"), CancellationToken.None));

        // In TLS 1.3 the server's refusal follows the client's handshake, so that the client sees a connection that ends, at once or after it
        // has sent its request; never an answer, which here would be that the agency is unknown.
        Assert.True(problem.Error is { Reason: "TLS_CLIENT_REFUSED" } or { Status: "UNAVAILABLE", Reason: "" }, problem.Error.ToString());
        Assert.Equal(0, await cluster.CountAsync("audit WHERE agency = 'stranger'"));
        await ClaimAsync(cluster.Connect((await cluster.AddMemberAsync("member")).Agency, haproxy.Url), "a@example.org");
    }

    // As an agency's system does: the same request, again, until it is answered; and no longer than the limit.
    private static async Task ClaimAsync(Member member, string value)
    {
        var request = Requests.Claim(value, "case");
        await Waiting.UntilAsync($"{member.Agency} is answered", Limit, async () =>
        {
            try
            {
                await member.Client.Claims.CreateAsync(request, CancellationToken.None);
                return true;
            }
            catch (GridException problem) when (problem.MayPassElsewhere())
            {
                return false;
            }
        });
    }

    /// <summary>A feed that is followed through HAProxy, from its last position whenever its stream breaks.</summary>
    private sealed class Feed : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Lock _lock = new();
        private readonly List<Alert> _alerts = [];
        private Task _following = Task.CompletedTask;

        public int Streams { get; private set; }

        public IReadOnlyList<Alert> Alerts
        {
            get
            {
                lock (_lock)
                {
                    return [.. _alerts];
                }
            }
        }

        public static Feed Open(Member member)
        {
            var feed = new Feed();
            feed._following = Task.Run(() => feed.FollowAsync(member));
            return feed;
        }

        public Task UntilAsync(Func<IReadOnlyList<Alert>, bool> condition) => Waiting.UntilAsync(
            () => $"the feed has it; it has {string.Join(", ", Alerts.Select(alert => $"{alert.Position} {alert.Identifier}"))}, on its stream {Streams}",
            Limit,
            async () =>
            {
                if (_following.IsFaulted)
                {
                    await _following;
                }

                return condition(Alerts);
            });

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _following;
            _end.Dispose();
        }

        private async Task FollowAsync(Member member)
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            try
            {
                while (true)
                {
                    Streams++;
                    try
                    {
                        await StreamAsync(member);
                    }
                    catch (GridException problem) when (problem.MayPassElsewhere())
                    {
                        await pause.WaitForNextTickAsync(_end.Token);
                    }
                }
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                // Told to end.
            }
        }

        private async Task StreamAsync(Member member)
        {
            var last = Alerts is [.., var alert] ? alert.Position : 0;
            await foreach (var message in member.Client.Alerts.StreamAsync(new StreamAlertsRequest { AfterPosition = last }, _end.Token))
            {
                if (message.Alert is { } next)
                {
                    lock (_lock)
                    {
                        _alerts.Add(next);
                    }
                }
            }
        }
    }
}
