using System.Text.RegularExpressions;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Tests.Simulation;
using FsCheck;
using FsCheck.Fluent;

namespace Deconfliction.Domain.Tests.Deciding.Snapshots;

/// <summary>A snapshot of any moment and the tail after it stand for the whole, state for state and decision for decision.</summary>
public partial class ResumeTests
{
    [Fact]
    public void Resume_FromASnapshotOfAnyMoment_AnswersLikeAPlainList() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => MatchesAPlainList(new Random(seed), steps: 150))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Decide_OnAResumedState_IsAsOnTheWholeOne()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var (bench, ledger) = (new Bench(Story.Policy), new SnapshotLedger());
            ledger.Keep(SnapshotLedger.Written(bench.State.Capture(SnapshotLedger.Stamp(0))));
            foreach (var step in Story.Of(seed, 60))
            {
                bench.Now = step.At;
                if (step.Ask(bench) is not { } command)
                {
                    continue;
                }

                var state = bench.State;
                var resumed = ledger.Resume(random, state.Version, state.Hazard, state.IsCrowd);
                Same(ledger.Whole(state.Version, state.Hazard, state.IsCrowd), resumed, $"seed {seed} before {step.Text}");
                var expected = Plain(Bench.Describe(bench.RunOn(resumed, command)));
                var decision = bench.Run(command);
                Assert.Equal(Plain(Bench.Describe(decision)), expected);
                ledger.Commit(decision.Events, bench.State.Version);
                if (random.Next(8) == 0)
                {
                    ledger.Keep(SnapshotLedger.Written(bench.State.Capture(SnapshotLedger.Stamp(bench.State.Version))));
                }
            }
        }
    }

    [Fact]
    public void RestOn_AfterMoreTurns_ChangesNoDecision()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var (plain, rested) = (new Bench(Story.Policy), new Bench(Story.Policy));
            ClaimCaptureOf? open = null;
            foreach (var step in Story.Of(seed, 60))
            {
                (plain.Now, rested.Now) = (step.At, step.At);
                if (step.Ask(plain) is not { } command || step.Ask(rested) is not { } same)
                {
                    continue;
                }

                Assert.Equal(Plain(Bench.Describe(plain.Run(command))), Plain(Bench.Describe(rested.Run(same))));
                if (open is null && random.Next(4) == 0)
                {
                    open = new(rested.State.Capture(SnapshotLedger.Stamp(rested.State.Version)));
                }
                else if (open is not null && random.Next(4) == 0)
                {
                    rested.State.RestOn(SnapshotLedger.Written(open.Capture));
                    open = null;
                }

                Same(plain.State, rested.State, $"seed {seed} after {step.Text}");
            }
        }
    }

    [Fact]
    public void Capture_GoesOnWhileTheStateChanges_KeepsTheMoment()
    {
        var bench = new Bench();
        var first = bench.Make("agency-a").Answer.Claim!;
        var capture = bench.State.Capture(SnapshotLedger.Stamp(bench.State.Version));
        bench.Release(first);
        bench.Make("agency-b");

        var snapshot = SnapshotLedger.Written(capture);

        Assert.Equal((1L, 1), (snapshot.Stamp.Version, snapshot.Count));
        Assert.Equal(first.Id, Assert.Single(IdentifierState.Resume(snapshot, 1, null, false, []).LiveClaims).Id);
    }

    [Fact]
    public void RestOn_ManyClaims_TakesATenthOfTheMemory()
    {
        var random = new Random(3);
        var claims = Enumerable.Range(0, 5_000).Select(number => ClaimSetTests.RandomClaim(random) with
        {
            Case = $"case-{number}", Sealed = new byte[200],
        }).ToList();
        var state = IdentifierState.Restore(1, hazard: null, isCrowd: false, claims);
        var before = state.Weight;

        state.RestOn(SnapshotLedger.Written(state.Capture(SnapshotLedger.Stamp(1))));

        Assert.InRange(before, 5_000 * 700L, 5_000 * 1_500L);
        Assert.InRange(state.Weight, 5_000 * 80L, 5_000 * 150L);
        state.Apply(new IdentifierEvent.ClaimMade(ClaimSetTests.RandomClaim(random) with { Case = "one more", Sealed = new byte[1_000] }));
        Assert.InRange(state.Weight, (5_000 * 80L) + 1_000, (5_000 * 150L) + 3_000);
    }

    private sealed record ClaimCaptureOf(Domain.Deciding.Snapshots.ClaimCapture Capture);

    private static bool MatchesAPlainList(Random random, int steps)
    {
        var (set, list, grows) = (new ClaimSet(), new List<Claim>(), true);
        for (var step = 0; step < steps; step++)
        {
            grows = list.Count <= 60 && (list.Count < 20 || grows);
            Change(set, list, random, grows);
            if (random.Next(20) == 0)
            {
                set = ClaimSet.Of(SnapshotLedger.Written(set.Capture(SnapshotLedger.Stamp(step))).Claims);
            }

            ClaimSetTests.Compare(set, list, random);
        }

        return true;
    }

    private static void Change(ClaimSet set, List<Claim> list, Random random, bool grows)
    {
        var dice = random.Next(10);
        if (list.Count == 0 || dice < (grows ? 6 : 2))
        {
            var claim = ClaimSetTests.RandomClaim(random);
            if (list.TrueForAll(one => one.Key != claim.Key))
            {
                set.Add(claim);
                list.Add(claim);
            }

            return;
        }

        var index = random.Next(list.Count);
        if (dice < 8)
        {
            set.Remove(list[index].Id);
            list.RemoveAt(index);
        }
        else
        {
            list[index] = ClaimSetTests.Vary(list[index], random);
            set.Replace(list[index]);
        }
    }

    private static void Same(IdentifierState expected, IdentifierState actual, string where)
    {
        Assert.True(Describe(expected) == Describe(actual), $"At {where}:\n{Describe(expected)}\n--- is not ---\n{Describe(actual)}");
    }

    private static string Describe(IdentifierState state) => string.Join(
        '\n',
        state.LiveClaims.OrderBy(claim => claim.Id).Select(claim => ClaimSetTests.Plain(claim)!.ToString())
            .Prepend($"{state.Version} {state.Hazard} {state.IsCrowd} {state.LiveCount} {state.NextDue(new Policy()):O} "
                + $"{state.Claims.HeldCount} {state.Claims.CountableAgencies}"));

    private static string Plain(string text) => SealedPart().Replace(text, "");

    [GeneratedRegex(@"Sealed = [^,]*, IsSealedApart = (True|False)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex SealedPart();
}
