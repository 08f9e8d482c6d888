using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Deconfliction.Ledger;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Tests.Grains;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>Each part of the sweeps comes to the silo that it belongs on within seconds, whoever came or went.</summary>
public sealed class SweepPlacementTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);
    private static readonly SiloAddress s_one = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7411), 1);
    private static readonly SiloAddress s_two = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7412), 1);

    [Fact]
    public async Task SilosComeAndGo_EachPartIsOnTheOneThatOwnsIt()
    {
        await using var cluster = await GrainCluster.StartAsync(2);
        await using var first = await Placement.OnAsync(cluster.Silos[0]);
        await using (var second = await Placement.OnAsync(cluster.Silos[1]))
        {
            await Placement.UntilAsync("both have theirs", () => first.HasItsOwn && second.HasItsOwn, first, second);
            Assert.NotEmpty(second.Parts);
            Assert.Equal(SweepParts.All.Bits, first.Parts.Bits ^ second.Parts.Bits);
        }

        await cluster.StopAsync(cluster.Silos[1]).WaitAsync(s_limit);
        await Placement.UntilAsync("one has all", () => first.Parts.IsAll, first);
    }

    [Fact]
    public async Task APartCannotBeWoken_IsTriedAgainAndTheRestComesToo()
    {
        var grains = DispatchProxy.Create<IGrainFactory, Sweeps>();
        var sweeps = (Sweeps)(object)grains;
        var directory = new OwnerDirectory(
            new ServiceCollection().AddSingleton<IClusterMembershipService>(new Membership(s_one, s_two)).BuildServiceProvider(), new Reach(), new Here(s_one));
        var own = Enumerable.Range(0, SweepParts.Count).Where(part => s_one.Equals(directory.Current.OwnerOf(SweepGrain.Part(part)))).ToList();
        sweeps.Refuses = own[1];
        var (time, resident) = (new FakeTimeProvider(), new ResidentParts());
        using var placement = new SweepPlacement(grains, directory, new Here(s_one), resident, time, NullLogger<SweepPlacement>.Instance);
        await placement.StartAsync(CancellationToken.None);

        await Placement.UntilAsync("it was tried again", () => sweeps.Woken.Count(part => part == own[1]) >= 3, time);
        Assert.Empty(sweeps.Woken.Except(own[..2])); // Behind one that fails, the others would most likely fail too, each after its time.

        resident.Add(own[0]);
        sweeps.Refuses = -1;
        await Placement.UntilAsync("the rest was woken", () => own.All(sweeps.Woken.Contains), time);
        Assert.Empty(sweeps.Woken.Except(own));
        var ofTheFirst = sweeps.Woken.Count(part => part == own[0]);
        var ofTheLast = sweeps.Woken.Count(part => part == own[^1]);
        await Placement.UntilAsync("more rounds", () => sweeps.Woken.Count(part => part == own[^1]) > ofTheLast + 2, time);
        Assert.InRange(sweeps.Woken.Count(part => part == own[0]) - ofTheFirst, 0, 1); // What is here is left alone.
        await placement.StopAsync(CancellationToken.None);
    }

    /// <summary>A silo's placement, on a clock that the test moves.</summary>
    private sealed class Placement(TestSilo silo, FakeTimeProvider time, SweepPlacement placement) : IAsyncDisposable
    {
        public SweepParts Parts => silo.Sweeps.Parts;

        public bool HasItsOwn
        {
            get
            {
                var owners = silo.Handle.ServiceProvider.GetRequiredService<OwnerDirectory>().Current;
                return owners.Silos.Count == 2
                    && Enumerable.Range(0, SweepParts.Count).All(part => Parts.Includes(part) == silo.Handle.SiloAddress.Equals(owners.OwnerOf(SweepGrain.Part(part))));
            }
        }

        public static async Task<Placement> OnAsync(TestSilo silo)
        {
            var (services, time) = (silo.Handle.ServiceProvider, new FakeTimeProvider());
            var placement = new SweepPlacement(
                services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<OwnerDirectory>(), services.GetRequiredService<ILocalSiloDetails>(),
                silo.Sweeps, time, NullLogger<SweepPlacement>.Instance);
            await placement.StartAsync(CancellationToken.None);
            return new Placement(silo, time, placement);
        }

        public static Task UntilAsync(string what, Func<bool> condition, params Placement[] all) =>
            UntilAsync(what, condition, [.. all.Select(static one => one.Time)]);

        public static Task UntilAsync(string what, Func<bool> condition, params FakeTimeProvider[] clocks) => Waiting.UntilAsync(what, s_limit, () =>
        {
            foreach (var clock in clocks)
            {
                clock.Advance(s_period);
            }

            return condition();
        });

        public async ValueTask DisposeAsync()
        {
            await placement.StopAsync(CancellationToken.None);
            placement.Dispose();
        }

        private FakeTimeProvider Time => time;
    }

    /// <summary>Sweeps that only note that they were woken.</summary>
    public class Sweeps : DispatchProxy
    {
        public ConcurrentQueue<int> Woken { get; } = new();

        public int Refuses { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod?.Name == nameof(IGrainFactory.GetGrain) ? new Sweep(this, (int)(long)args![0]!) : throw new NotSupportedException();

        private sealed class Sweep(Sweeps all, int part) : ISweepGrain
        {
            public Task WakeAsync(CancellationToken cancellationToken)
            {
                all.Woken.Enqueue(part);
                return part == all.Refuses ? Task.FromException(new TimeoutException("It does not wake.")) : Task.CompletedTask;
            }
        }
    }
}
