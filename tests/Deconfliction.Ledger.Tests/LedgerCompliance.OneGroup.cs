using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Tests;

// What several callers ask within one transaction. A decision that takes its time keeps the only writer, so that what comes meanwhile
// surely makes the next group.
public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task OneGroup_OnANewIdentifier_TakesWhatItInsertsItselfForAbsent()
    {
        var tag = Facts.NewTag();
        var versions = new long[4];
        var winner = LateClaim(tag, Facts.Alpha, record => versions[1] = record.Version);

        var outcomes = await InOneGroupAsync(
            TestStore.Options,
            ledger => DecideAsync(LateCheck(tag, record => versions[0] = record.Version), ledger),
            ledger => AppendAsync(Facts.Append(tag, Guid.Empty, 0, Facts.Draft(Facts.Gamma, Operation.Check)), ledger),
            ledger => DecideAsync(winner, ledger),
            ledger => DecideAsync(LateClaim(tag, Facts.Beta, record => versions[2] = record.Version), ledger),
            ledger => AppendAsync(Facts.Append(tag, Guid.Empty, 1, Facts.Draft(Facts.Gamma, Operation.Check)), ledger),
            ledger => DecideAsync(LateCheck(tag, record => versions[3] = record.Version), ledger));

        Assert.Equal(
            [
                new AppendOutcome.Committed(0), new AppendOutcome.Committed(0), new AppendOutcome.Committed(1), new AppendOutcome.Stale(),
                new AppendOutcome.Stale(), new AppendOutcome.Stale(),
            ],
            outcomes);
        Assert.Equal([0L, 0, 0, 0], versions);
        var found = await LoadAsync(tag);
        Assert.Equal((winner.NewIdentifierId, 1L), (found.Id, found.Version));
        Assert.Equal(Facts.Alpha, Assert.Single(found.Live).Agency);
    }

    [Fact]
    public async Task OneGroup_OnAnIdentifierThatIsThere_TakesNobodyForTheFirst()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var live = new List<Guid>();

        var outcomes = await InOneGroupAsync(
            TestStore.Options,
            ledger => AppendAsync(FirstClaim(), ledger),
            ledger => AppendAsync(Facts.Append(tag, Guid.Empty, 0, Facts.Draft(Facts.Gamma, Operation.Check)), ledger),
            ledger => AppendAsync(FirstClaim(), ledger));
        var late = await InOneGroupAsync(
            TestStore.Options,
            ledger => AppendAsync(FirstClaim(), ledger),
            ledger => DecideAsync(LateClaim(tag, Facts.Beta, record => live.AddRange(record.Live.Select(one => one.Id))), ledger));

        Assert.All(outcomes, outcome => Assert.IsType<AppendOutcome.Stale>(outcome));
        Assert.Equal([new AppendOutcome.Stale(), new AppendOutcome.Committed(2)], late);
        Assert.Equal([claim.Id], live);
        Assert.Equal(2, (await LoadAsync(tag)).Live.Count);

        Append FirstClaim() => Facts.Append(
            tag, Guid.CreateVersion7(), 0, Facts.Draft(Facts.Gamma), new Domain.Deciding.IdentifierEvent.ClaimMade(Facts.Claim(Facts.Gamma, Ledger.Now)));
    }

    [Fact]
    public async Task OneGroup_IsNoLargerThanTheOptionsSay()
    {
        var checks = Enumerable.Range(0, 7)
            .Select(_ => (Func<ILedger, Task<AppendOutcome>>)(ledger => DecideAsync(LateCheck(Facts.NewTag()), ledger))).ToArray();

        await InOneGroupAsync(TestStore.Options with { MaximumGroup = 3 }, checks);

        // A group's entries bear its transaction's time.
        var groups = (await AuditAsync()).Where(entry => entry.Draft.Operation == Operation.Check).GroupBy(entry => entry.At);
        Assert.Equal([3, 3, 1], groups.OrderBy(group => group.Key).Select(group => group.Count()));
    }

    private async Task<AppendOutcome[]> InOneGroupAsync(LedgerOptions options, params Func<ILedger, Task<AppendOutcome>>[] asked)
    {
        await using var ledger = await Store.OpenAsync(options with { WritersPerLane = 1 });
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var submitted = new ManualResetEventSlim();
        var slow = LateClaim(Facts.NewTag(), Facts.Gamma, _ =>
        {
            begun.TrySetResult();
            Assert.True(submitted.Wait(TimeSpan.FromSeconds(10)), "The others were not submitted in time.");
        });

        var before = DecideAsync(slow, ledger);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var all = Task.WhenAll([.. asked.Select(ask => ask(ledger))]);
        submitted.Set();
        Assert.Equal(new AppendOutcome.Committed(1), await before);
        return await all;
    }
}
