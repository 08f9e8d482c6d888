using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Tests.Feeds;

/// <summary>A backlog of more than a page, where the agency's actor says nothing.</summary>
public sealed class LongBacklogTests : IAsyncLifetime
{
    private const int Alerts = 1_200;
    private static readonly AgencyId s_alpha = TestGrid.Agency("alpha");
    private Store _store = null!;

    public async Task InitializeAsync() => _store = await Store.OpenAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task ReadFeed_OfALongBacklogWhileTheActorIsSilent_IsToldItsEndAtOnce()
    {
        await RaiseAsync();
        var grid = new Grid(_store.Ledger, new SilentActors(), new GridOptions { FeedHeartbeat = TimeSpan.FromHours(1) }, new GridMeters(), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var positions = new List<long>();
        await foreach (var item in grid.ReadFeedAsync(0, TestGrid.Read("alpha"), limit.Token))
        {
            if (item.Entry is not { } entry)
            {
                Assert.Equal(Alerts, item.Head);
                break;
            }

            positions.Add(entry.Position);
        }

        Assert.Equal(Enumerable.Range(1, Alerts).Select(static position => (long)position), positions);
    }

    private async Task RaiseAsync()
    {
        var now = _store.Ledger.Now;
        var alpha = new AgencyRecord(s_alpha, "Alpha", AgencyRole.LawEnforcement, "desk@alpha.example", IsRevoked: false, now, []);
        var alerts = Enumerable.Range(0, Alerts).Select(_ => new Alert
        {
            Id = Guid.CreateVersion7(), To = s_alpha, Kind = AlertKind.CertificateExpiring, CreatedAt = now,
        });
        var draft = new AuditDraft { Agency = s_alpha, Certificate = "0a1b", RequestedBy = "operator", Operation = Operation.ReadFeed };
        await _store.Ledger.SaveAgencyAsync(alpha, [.. alerts], draft, default);
        for (var first = 1L; first <= Alerts;)
        {
            var ids = (await _store.Ledger.ReadUnnumberedAsync(s_alpha, 500, default)).Select(static alert => alert.Id).ToList();
            Assert.True(await _store.Ledger.NumberAsync(s_alpha, first, ids, default));
            first += ids.Count;
        }
    }

    // As a cluster's are while the silo of the agency's actor is out of reach: they know of no head, however long one waits.
    private sealed class SilentActors : IActors
    {
        public Task<Answer> AskAsync(TagKey key, Turn turn, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Nudge(AgencyId agency)
        {
            // It is lost.
        }

        public async Task<long> WaitForHeadAsync(AgencyId agency, long known, TimeSpan wait, CancellationToken cancellationToken)
        {
            await Task.Delay(wait, cancellationToken);
            return known;
        }
    }
}
