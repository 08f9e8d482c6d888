using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Deciding.Snapshots;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Grid.Tests.Snapshots;

/// <summary>An identifier with many claims comes into memory from a snapshot and the ledger's tail, and is the same as read whole.</summary>
public sealed class LongIdentifierTests : IAsyncLifetime
{
    private const int Long = 20;
    private static readonly TagKey s_key = TestGrid.Key("x");
    private static readonly GridOptions s_options = new()
    {
        SnapshotAbove = Long, SnapshotAfterChanges = 5, SnapshotInterval = TimeSpan.FromMilliseconds(1),
    };

    private Store _store = null!;
    private TestGrid _grid = null!;
    private LongIdentifiers _long = null!;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync(longAbove: Long);
        _grid = await _store.GridAsync(s_options);
        _long = Reader(new LedgerSnapshots(_store.Ledger));
    }

    public async Task DisposeAsync()
    {
        await _long.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Load_AtAnyMoment_IsTheWholeState(int seed)
    {
        var random = new Random(seed);
        var live = new List<Claim>();
        var resumed = 0;
        for (var step = 0; step < 300; step++)
        {
            await ChangeAsync(random, live);
            if (random.Next(5) > 0)
            {
                continue;
            }

            var (id, state) = await _long.LoadAsync(s_key.Tag, default);
            var whole = (await _store.Ledger.LoadLongAsync(s_key.Tag, after: null, default))!;
            Assert.Equal(whole.Id, id);
            Assert.Equal(
                Describe(IdentifierState.Restore(whole.Version, whole.Hazard, whole.IsCrowd, whole.Claims)), Describe(state));
            Assert.Equal(live.Count, state.LiveCount);
            resumed += state.ChangesSinceSnapshot < state.LiveCount ? 1 : 0;
        }

        Assert.True(resumed > 10, $"Only {resumed} loads rested on a snapshot.");
    }

    [Fact]
    public async Task Turns_OfAnActorThatCameFromASnapshot_ShowAndKeepTheSealedParts()
    {
        var claims = await FillAsync();
        var fresh = await _store.GridAsync(s_options);

        var check = await fresh.CheckAsync("newcomer", "x");
        var made = await fresh.ClaimAsync("newcomer", "x");
        var renewed = await fresh.Grid.RenewClaimAsync(claims[1].Id, lifetime: null, TestGrid.Request("agency-1"), default);
        await fresh.ReleaseAsync("agency-2", claims[2].Id);

        Assert.Equal(claims.Count, check.PointerCount);
        Assert.Equal(claims.Count, made.PointerCount);
        Assert.All([.. check.Pointers, .. made.Pointers], pointer => Assert.Equal("sealed x"u8.ToArray(), pointer.Other.Sealed.ToArray()));
        Assert.Equal("sealed x"u8.ToArray(), renewed.Claim!.Sealed.ToArray());
        foreach (var claim in claims)
        {
            var stored = await _store.Ledger.FindClaimAsync(claim.Agency, claim.Id, default);
            Assert.Equal("sealed x"u8.ToArray(), stored!.Claim.Sealed.ToArray());
        }
    }

    [Fact]
    public async Task Load_WithADamagedSnapshot_ReadsTheLedgerWhole()
    {
        var claims = await FillAsync();
        var stored = (await _store.Ledger.ReadSnapshotAsync(s_key.Tag, default))!;
        var bytes = stored.Bytes.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        await _store.Ledger.WriteSnapshotAsync(s_key.Tag, stored with { Bytes = bytes }, default);

        await AssertWholeAsync(_long, claims.Count);
    }

    [Fact]
    public async Task Load_WithASnapshotOfAnotherIdentifierOrHistory_ReadsTheLedgerWhole()
    {
        var claims = await FillAsync();
        var stamp = Snapshot.TryOpen((await _store.Ledger.ReadSnapshotAsync(s_key.Tag, default))!.Bytes, s_key.Tag)!.Stamp;

        await AssertWholeAsync(Reader(Held(stamp with { Version = stamp.Version }, Guid.NewGuid())), claims.Count);
        await AssertWholeAsync(Reader(Held(stamp with { IdentifierId = Guid.NewGuid() }, stamp.History)), claims.Count);
        await AssertWholeAsync(Reader(Held(stamp with { Tag = TestGrid.Key("y").Tag }, stamp.History)), claims.Count);
        await AssertWholeAsync(Reader(Held(stamp with { Version = 1_000 }, stamp.History)), claims.Count);
    }

    [Fact]
    public async Task Load_AfterClaimsOfTheSnapshotWereEndedAndPurged_DoesNotBringThemBack()
    {
        var claims = await FillAsync();
        var kept = await _store.Ledger.ReadSnapshotAsync(s_key.Tag, default);
        await _grid.ReleaseAsync("agency-2", claims[2].Id);
        while (await _store.Ledger.PurgeAsync(_store.Ledger.Now.AddHours(2), DateTimeOffset.MinValue, 100, default) > 0)
        {
        }

        // A port that forgets nothing still has it.
        await AssertWholeAsync(Reader(new Kept(kept!)), claims.Count - 1);
        await AssertWholeAsync(_long, claims.Count - 1);
    }

    [Fact]
    public async Task Load_WhereSnapshotsCannotBeRead_ReadsTheLedgerWhole()
    {
        var claims = await FillAsync();

        await AssertWholeAsync(Reader(new Broken()), claims.Count);
    }

    [Fact]
    public async Task Turns_WhereSnapshotsCannotBeKept_GoOn()
    {
        var context = new ActorContext(
            _store.Ledger, new Policy(), new UuidV7Source(), TimeProvider.System, new GridMeters(), NullLoggerFactory.Instance, _ => { })
        {
            Long = Reader(new Broken()),
        };
        var actor = new IdentifierActor(s_key.Tag, context);
        for (var i = 0; i < 2 * Long; i++)
        {
            var claim = Draft($"agency-{i % 7}", $"case-{i}");
            var answer = await actor.HandleAsync(
                1,
                new Turn(new Question.MakeClaim(new Command.MakeClaim(claim, null, null)), TestGrid.Request(claim.Agency.Value)),
                Deconfliction.Ledger.Lane.Interactive,
                default);
            Assert.Equal(AnswerStatus.Done, answer.Status);
        }

        Assert.Null(await _store.Ledger.ReadSnapshotAsync(s_key.Tag, default));
    }

    // Twice as many as are long, by seven agencies, and a snapshot of the last.
    private async Task<List<Claim>> FillAsync()
    {
        var claims = new List<Claim>();
        for (var i = 0; i < 2 * Long; i++)
        {
            claims.Add((await _grid.ClaimAsync($"agency-{i % 7}", "x", $"case-{i}")).Claim!);
        }

        await Until.TrueAsync(
            async () =>
            {
                await _grid.CheckAsync("agency-0", "x");
                return await _store.Ledger.ReadSnapshotAsync(s_key.Tag, default) is { Version: >= (2 * Long) - 5 };
            },
            "no snapshot was written");
        return claims;
    }

    private async Task ChangeAsync(Random random, List<Claim> live)
    {
        var index = live.Count == 0 ? -1 : random.Next(live.Count);
        var dice = live.Count < 2 * Long ? 0 : random.Next(6);
        var owner = index < 0 ? "" : live[index].Agency.Value;
        switch (dice)
        {
            case 3:
                await _grid.ReleaseAsync(owner, live[index].Id);
                live.RemoveAt(index);
                break;
            case 4:
                await _grid.Grid.RenewClaimAsync(live[index].Id, TimeSpan.FromDays(random.Next(1, 300)), TestGrid.Request(owner), default);
                break;
            case 5:
                var change = new ClaimChange(
                    ExpectedRevision: null, (Priority)random.Next(1, 5), Handling: null, (Disclosure)random.Next(1, 4), Sealed: null);
                await _grid.Grid.UpdateClaimAsync(live[index].Id, change, TestGrid.Request(owner), default);
                break;
            default:
                live.Add((await _grid.ClaimAsync($"agency-{random.Next(7)}", "x", $"case-{Guid.NewGuid():N}", (Disclosure)random.Next(1, 4))).Claim!);
                break;
        }
    }

    private async Task AssertWholeAsync(LongIdentifiers identifiers, int live)
    {
        var (_, state) = await identifiers.LoadAsync(s_key.Tag, default);
        Assert.Equal(live, state.LiveCount);
        Assert.Equal(live, state.ChangesSinceSnapshot);
        Assert.All(state.LiveClaims, claim => Assert.False(claim.IsSealedApart));
        await identifiers.DisposeAsync();
    }

    private LongIdentifiers Reader(ISnapshots snapshots) =>
        new(_store.Ledger, snapshots, s_options, TimeProvider.System, NullLoggerFactory.Instance);

    // A snapshot that is sound, has claims of its own, and says of itself what it is told.
    private Kept Held(SnapshotStamp stamp, Guid history)
    {
        var claims = Enumerable.Range(0, 3).Select(i => Draft("stranger", $"case-{i}"));
        var state = IdentifierState.Restore(stamp.Version, hazard: null, isCrowd: false, claims);
        var snapshot = state.Capture(stamp).Write(history);
        return new Kept(new StoredSnapshot(stamp.Version, snapshot.EarliestEnd, snapshot.Bytes));
    }

    private Claim Draft(string agency, string caseReference) => new()
    {
        Id = _grid.Solo.Ids.Next(_store.Ledger.Now),
        Agency = TestGrid.Agency(agency),
        Role = Domain.Agencies.AgencyRole.LawEnforcement,
        Case = caseReference,
        CreatedAt = _store.Ledger.Now,
        ExpiresAt = _store.Ledger.Now.AddDays(100),
        Sealed = new byte[] { 1 },
    };

    private static string Describe(IdentifierState state) => string.Join(
        '\n',
        state.LiveClaims.OrderBy(claim => claim.Id).Select(claim => (claim with { Sealed = default, IsSealedApart = false }).ToString())
            .Prepend($"{state.Version} {state.Hazard} {state.IsCrowd} {state.LiveCount} {state.NextDue(new Policy()):O}"));

    private sealed class Kept(StoredSnapshot snapshot) : ISnapshots
    {
        public Task<StoredSnapshot?> LoadAsync(Tag tag, CancellationToken cancellationToken) => Task.FromResult<StoredSnapshot?>(snapshot);

        public Task SaveAsync(Tag tag, StoredSnapshot other, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Broken : ISnapshots
    {
        public Task<StoredSnapshot?> LoadAsync(Tag tag, CancellationToken cancellationToken) => throw new IOException("It is away.");

        public Task SaveAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken) => throw new IOException("It is away.");
    }
}
