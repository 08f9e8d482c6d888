using System.Security.Cryptography;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task Append_RequestIdUsedBefore_GivesWhatWasRecorded()
    {
        var tag = Facts.NewTag();
        var request = Guid.NewGuid();
        var draft = Facts.Draft(Facts.Alpha, Operation.Claim, request) with { Subjects = [Guid.CreateVersion7(), Guid.NewGuid()], Result = "7" };
        await ChangeAsync(tag, draft, new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, Ledger.Now)));

        var outcome = await AppendAsync(RequestOn(tag, request, "another payload"u8.ToArray()), Other);

        var original = Assert.IsType<AppendOutcome.Replayed>(outcome).Original;
        Assert.Equal((Facts.Alpha, request, Operation.Claim, "7"), (original.Agency, original.RequestId, original.Operation, original.Result));
        Assert.Equal(draft.PayloadHash.ToArray(), original.PayloadHash.ToArray());
        Assert.Equal(draft.Subjects, original.Subjects);
        Assert.Equal((await AuditAsync())[0].At, original.At);
        Assert.Single((await LoadAsync(tag)).Live);
    }

    [Fact]
    public async Task Append_ReplayAtAStaleVersion_IsAReplay()
    {
        var tag = Facts.NewTag();
        var request = Guid.NewGuid();
        await ClaimAsync(tag, Facts.Alpha, requestId: request);

        var outcome = await AppendAsync(RequestOn(tag, request));

        Assert.IsType<AppendOutcome.Replayed>(outcome);
    }

    [Fact]
    public async Task Append_SameRequestIdOfAnotherAgency_IsItsOwn()
    {
        var tag = Facts.NewTag();
        var request = Guid.NewGuid();
        await ClaimAsync(tag, Facts.Alpha, requestId: request);

        await ClaimAsync(tag, Facts.Beta, requestId: request);

        Assert.Equal(2, (await LoadAsync(tag)).Live.Count);
        Assert.Equal(Facts.Beta, (await Ledger.FindRequestAsync(Facts.Beta, request, None))!.Agency);
    }

    [Fact]
    public async Task Append_OneRequestIdFromManyCallersAtOnce_HasOneEffect()
    {
        for (var round = 0; round < 10; round++)
        {
            var request = Guid.NewGuid();
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(
                i => AppendAsync(RequestOn(Facts.NewTag(), request), i % 2 == 0 ? Ledger : Other)));

            Assert.Single(outcomes.OfType<AppendOutcome.Committed>());
            Assert.Equal(11, outcomes.OfType<AppendOutcome.Replayed>().Count());
        }

        Assert.Equal(10, (await Ledger.ReadStatisticsAsync(None)).LiveClaims);
        Assert.Equal(10, (await AuditAsync()).Count);
    }

    [Fact]
    public async Task Append_RequestIdOfAStaleLoser_IsFree()
    {
        var tag = Facts.NewTag();
        var request = Guid.NewGuid();
        await ClaimAsync(tag, Facts.Alpha);

        Assert.IsType<AppendOutcome.Stale>(await AppendAsync(RequestOn(tag, request)));

        Assert.Null(await Ledger.FindRequestAsync(Facts.Alpha, request, None));
        await ClaimAsync(tag, Facts.Alpha, "case-2", request);
    }

    [Fact]
    public async Task Record_RequestIdUsedBefore_GivesWhatWasRecorded()
    {
        var draft = Facts.Draft(Facts.Alpha, Operation.ReadClaims, Guid.NewGuid()) with { Result = "3" };
        Assert.IsType<AppendOutcome.Committed>(await Ledger.RecordAsync(draft, Lane.Interactive, None));

        var outcome = await Other.RecordAsync(draft, Lane.Bulk, None);

        Assert.Equal("3", Assert.IsType<AppendOutcome.Replayed>(outcome).Original.Result);
        Assert.Single(await AuditAsync());
    }

    [Fact]
    public async Task FindRequest_NeverUsed_IsNothing() =>
        Assert.Null(await Ledger.FindRequestAsync(Facts.Alpha, Guid.NewGuid(), None));

    [Fact]
    public async Task Record_RequestIdWithoutPayloadHash_IsRefused()
    {
        var draft = Facts.Draft(Facts.Alpha, Operation.Check, Guid.NewGuid()) with { PayloadHash = default };

        await Assert.ThrowsAsync<ArgumentException>(() => Ledger.RecordAsync(draft, Lane.Interactive, None));
    }

    private Append RequestOn(Tag tag, Guid request, byte[]? payload = null) => Facts.Append(
        tag,
        Guid.CreateVersion7(),
        0,
        Facts.Draft(Facts.Alpha, Operation.Claim, request) with { PayloadHash = SHA256.HashData(payload ?? "payload"u8.ToArray()) },
        new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, Ledger.Now)));
}
