using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Tests.Claims;

public sealed class CrowdTests
{
    [Fact]
    public async Task Crowd_CanBeAskedForContact_AndReplaysKeepItsBand()
    {
        await using var store = await Store.OpenAsync();
        var grid = await store.GridAsync(new GridOptions { Policy = new Policy { CrowdCap = 2, CrowdReopensBelow = 2 } });
        var first = (await grid.ClaimAsync("alpha", "x")).Claim!;
        Assert.Equal(
            AnswerStatus.NotACrowd,
            (await grid.Grid.RequestCrowdContactAsync(first.Id, TestGrid.Request("alpha"), default)).Status);
        await grid.ClaimAsync("bravo", "x");
        var request = TestGrid.Request("charlie");
        var third = await grid.ClaimAsync("charlie", "x", request: request);
        Assert.NotNull(third.CrowdBand);
        Assert.Empty(third.Pointers);

        var asked = await grid.Grid.RequestCrowdContactAsync(third.Claim!.Id, TestGrid.Request("charlie"), default);
        var replay = await grid.ClaimAsync("charlie", "x", request: request);

        Assert.Equal(AnswerStatus.Done, asked.Status);
        Assert.Equal((AnswerStatus.Done, third.Claim.Id, third.CrowdBand), (replay.Status, replay.Claim!.Id, replay.CrowdBand));
        var feed = await grid.FeedAsync("alpha", 0, 3);
        Assert.Equal(
            [AlertKind.OverlapFound, AlertKind.Crowd, AlertKind.ContactRequested], feed.Select(static one => one.Entry!.Alert.Kind));
        Assert.Equal("charlie", feed[2].Entry!.FromClaim!.Agency.Value);
        Assert.Equal(1, (await store.Ledger.ReadStatisticsAsync(default)).Overlaps);
    }

    [Fact]
    public async Task Auditors_ReadAndVerify_AndThatIsRecordedToo()
    {
        await using var store = await Store.OpenAsync();
        var grid = await store.GridAsync();
        await grid.ClaimAsync("alpha", "x");

        var entries = await grid.Grid.ListAuditAsync(
            new AuditQuery(null, 10, TestGrid.Agency("alpha")), TestGrid.Read("auditor"), default);
        var verified = await grid.Grid.VerifyAuditAsync(TestGrid.Read("auditor"), default);

        Assert.Equal(Operation.Claim, Assert.Single(entries).Draft.Operation);
        Assert.Null(verified.FirstBad);
        var own = await store.Ledger.ListAuditAsync(new AuditQuery(null, 10, TestGrid.Agency("auditor")), default);
        Assert.Equal([Operation.ReadAudit, Operation.VerifyAudit], own.Select(static one => one.Draft.Operation));
    }
}
