using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>Groups of several processes that change the same few identifiers, in each of the ways there are, never wait for each other in a ring.</summary>
public sealed class PostgresLockOrderTests
{
    private const int Identifiers = 200;
    private const int CallersEach = 300;
    private const int ChangesEach = 10;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Groups_ThatChangeTheSameIdentifiersInEachWay_NeverDeadlock()
    {
        var store = await PostgresTestStore.CreateAsync();
        Tag[] tags = [.. Enumerable.Range(0, Identifiers).Select(static _ => Facts.NewTag())];
        await using (var one = await store.OpenAsync(TestStore.Options))
        await using (var other = await store.OpenAsync(TestStore.Options))
        {
            await Task.WhenAll(Enumerable.Range(0, 2 * CallersEach).Select(async caller =>
            {
                var random = new Random(caller);
                for (var change = 0; change < ChangesEach; change++)
                {
                    await ChangeAsync(caller % 2 == 0 ? one : other, tags[random.Next(Identifiers)], isLate: random.Next(2) == 0);
                }
            }));
        }

        Assert.Equal(0L, await store.ReadAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        Assert.True((long)(await store.ReadAsync("SELECT count(*) FROM claim"))! >= Identifiers);
    }

    // Whether it wins or is stale: both lock.
    private static async Task ChangeAsync(ILedger ledger, Tag tag, bool isLate)
    {
        if (isLate)
        {
            var id = Guid.CreateVersion7();
            await ledger.DecideAsync(
                new LateAppend
                {
                    Tag = tag,
                    KeyId = 1,
                    NewIdentifierId = id,
                    Agency = Facts.Beta,
                    RequestId = null,
                    Decide = (record, now) => Facts.Append(
                        tag, record.Version == 0 ? id : record.Id, record.Version, Facts.Draft(Facts.Beta),
                        new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Beta, now))),
                },
                Lane.Interactive,
                None);
            return;
        }

        var record = await ledger.LoadAsync(tag, Lane.Interactive, None);
        await ledger.AppendAsync(
            Facts.Append(
                tag, record.Version == 0 ? Guid.CreateVersion7() : record.Id, record.Version, Facts.Draft(Facts.Alpha),
                new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, ledger.Now))),
            Lane.Interactive,
            None);
    }
}
