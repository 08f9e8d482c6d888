using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Silo.Grains;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Silo.Tests.Grains;

/// <summary>An identifier's grain: one, wherever it is asked from; its turns one at a time; it goes when it must, and is missed by nobody.</summary>
public sealed class IdentifierGrainTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Ask_ManyAtOnceFromAllSilos_TakesTurnsOneAtATimeAndDecidesOnce()
    {
        await using var cluster = await GrainCluster.StartAsync(3);
        var underWay = new ConcurrentDictionary<Tag, int>();
        var most = 0;
        cluster.Ledger.BeforeAppend = async (append, _, _) =>
        {
            var now = underWay.AddOrUpdate(append.Tag, 1, static (_, count) => count + 1);
            InterlockedMax(ref most, now);
            await Task.Yield();
            underWay.AddOrUpdate(append.Tag, 0, static (_, count) => count - 1);
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(number =>
            cluster.ClaimAsync(cluster.Silos[number % 3], $"agency-{number % 20}", "shared", caseReference: $"case-{number}"))).WaitAsync(s_limit);

        Assert.All(answers, static answer => Assert.Equal(AnswerStatus.Done, answer.Status));
        Assert.Equal(1, most);
        Assert.Equal(1, cluster.Ledger.Loads); // One activation, and never a lost race.
        Assert.Equal(60, (await cluster.ClaimsOnAsync("shared")).Count);
    }

    [Fact]
    public async Task Ask_WhileAnotherIdentifierWaitsForTheLedger_IsAnswered()
    {
        await using var cluster = await GrainCluster.StartAsync(2);
        var silo = cluster.Silos[0];
        var (held, free) = (cluster.ValueOn(silo), cluster.ValueOn(silo, skip: 1));
        var gate = new TaskCompletionSource();
        cluster.Ledger.BeforeAppend = (append, _, _) => append.Tag == Keys.Tag(held) ? gate.Task : Task.CompletedTask;

        var waiting = cluster.ClaimAsync(silo, "alpha", held);
        var behind = cluster.ClaimAsync(silo, "bravo", held);
        var answer = await cluster.ClaimAsync(cluster.Silos[1], "alpha", free).WaitAsync(s_limit);

        Assert.Equal(AnswerStatus.Done, answer.Status);
        Assert.False(waiting.IsCompleted || behind.IsCompleted);
        gate.SetResult();
        Assert.Equal(1, (await Task.WhenAll(waiting, behind).WaitAsync(s_limit))[1].PointerCount);
    }

    [Fact]
    public async Task Ask_RefusedByTheLedger_ArrivesAsTheSameRefusalFromAnotherSilo()
    {
        await using var cluster = await GrainCluster.StartAsync(2);
        var value = cluster.ValueOn(cluster.Silos[0]);
        cluster.Ledger.AppendFault = static _ => Fault.LostUnknown;

        await Assert.ThrowsAsync<Deconfliction.Ledger.OutcomeUnknownException>(() => cluster.ClaimAsync(cluster.Silos[1], "alpha", value).WaitAsync(s_limit));
    }

    [Fact]
    public async Task Evicted_ByTheClock_TheGrainGoesTooAndComesBackWhenAsked()
    {
        const int Held = 16;
        await using var cluster = await GrainCluster.StartAsync(1, maximumActors: Held);
        var silo = cluster.Silos[0];
        for (var number = 0; number < 10 * Held; number++)
        {
            await cluster.ClaimAsync(silo, "alpha", $"value {number}").WaitAsync(s_limit);
        }

        await Waiting.UntilAsync($"no more than {Held} grains are left", s_limit, () =>
            silo.Residents.CountByKind.GetValueOrDefault(IdentifierGrain.Kind) <= Held);
        Assert.InRange(silo.Identifiers.Count, 1, Held);
        var again = await cluster.ClaimAsync(silo, "bravo", "value 0").WaitAsync(s_limit);
        Assert.Equal((AnswerStatus.Done, 1), (again.Status, again.PointerCount));
    }

    [Fact]
    public async Task Silo_IsAdded_TakesItsShareOfTheGrainsThatAreThere()
    {
        await using var cluster = await GrainCluster.StartAsync(1);
        var values = Enumerable.Range(0, 100).Select(static number => $"value {number}").ToList();
        await Task.WhenAll(values.Select(value => cluster.ClaimAsync(cluster.Silos[0], "alpha", value))).WaitAsync(s_limit);
        var before = cluster.Silos[0].Residents.CountByKind[IdentifierGrain.Kind];

        var added = await cluster.AddAsync();
        await Waiting.UntilAsync("the first silo has let the others go", s_limit, () =>
            values.Where(value => cluster.OwnerOf(Keys.Grain(value), added) == added).Count() is var moved and > 0
            && cluster.Silos[0].Residents.CountByKind[IdentifierGrain.Kind] == before - moved);
        var answers = await Task.WhenAll(values.Select(value => cluster.ClaimAsync(cluster.Silos[0], "bravo", value))).WaitAsync(s_limit);

        Assert.Equal(100, before);
        Assert.All(answers, static answer => Assert.Equal(1, answer.PointerCount));
        Assert.Equal(100, cluster.Silos.Sum(static silo => silo.Residents.CountByKind.GetValueOrDefault(IdentifierGrain.Kind)));
        Assert.InRange(added.Residents.CountByKind[IdentifierGrain.Kind], 30, 70);
    }

    [Fact]
    public async Task Ask_TheSiloIsKilledUnderATurn_IsAskedAgainElsewhereAndDoneOnce()
    {
        await using var cluster = await GrainCluster.StartAsync(3);
        var (asker, lost) = (cluster.Silos[0], cluster.Silos[2]);
        var value = cluster.ValueOn(lost);
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var appends = 0;
        cluster.Ledger.BeforeAppend = (append, _, _) =>
        {
            if (append.Tag != Keys.Tag(value) || Interlocked.Increment(ref appends) > 1)
            {
                return Task.CompletedTask;
            }

            entered.SetResult();
            return gate.Task;
        };

        var claim = cluster.ClaimAsync(asker, "alpha", value);
        await entered.Task.WaitAsync(s_limit);
        await cluster.KillAsync(lost);
        var answer = await claim.WaitAsync(s_limit);
        gate.SetResult(); // The lost silo wakes up, and writes what it had decided.
        await cluster.ClaimAsync(asker, "bravo", value).WaitAsync(s_limit);

        Assert.Equal(AnswerStatus.Done, answer.Status);
        await lost.Identifiers.DisposeAsync(); // It has, or has been refused.
        var claims = await cluster.ClaimsOnAsync(value);
        Assert.Equal(["alpha", "bravo"], claims.Select(static one => one.Agency.Value).Order());
        Assert.Contains(claims, one => one.Id == answer.Claim!.Id);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
