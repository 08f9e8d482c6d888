using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task Load_UnknownTag_IsAbsent()
    {
        var tag = Facts.NewTag();

        var found = await LoadAsync(tag);

        Assert.Equal((tag, Guid.Empty, 0L), (found.Tag, found.Id, found.Version));
        Assert.Empty(found.Live);
    }

    [Fact]
    public async Task Append_FirstClaim_MakesVersionOneUnderTheGivenId()
    {
        var tag = Facts.NewTag();
        var id = Guid.CreateVersion7();
        var claim = Facts.Claim(Facts.Alpha, Ledger.Now);

        var version = await CommitAsync(Facts.Append(tag, id, 0, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(claim)));

        var found = await LoadAsync(tag);
        Assert.Equal(1, version);
        Assert.Equal((id, 1L), (found.Id, found.Version));
        Same.Claim(claim, Assert.Single(found.Live));
    }

    [Fact]
    public async Task Append_StaleClaimOfABlindWriter_WritesNothing()
    {
        var tag = Facts.NewTag();
        var seen = await Other.LoadAsync(tag, Lane.Interactive, None);
        var winner = await ClaimAsync(tag, Facts.Alpha);
        var loser = Facts.Claim(Facts.Beta, Other.Now);

        var outcome = await AppendAsync(
            Facts.Append(tag, Guid.CreateVersion7(), seen.Version, Facts.Draft(Facts.Beta),
                new IdentifierEvent.ClaimMade(loser),
                new IdentifierEvent.OverlapFound(Facts.Overlap(winner, loser, Other.Now)),
                new IdentifierEvent.AlertRaised(Facts.Alert(Facts.Alpha, Other.Now))),
            Other);

        Assert.IsType<AppendOutcome.Stale>(outcome);
        Assert.Equal(winner.Id, Assert.Single((await LoadAsync(tag)).Live).Id);
        Assert.Empty(await Ledger.ListOverlapsAsync(new Claims.OverlapQuery(Facts.Alpha, After: null, 10), None));
        Assert.Empty(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None));
        Assert.Equal(Facts.Alpha, Assert.Single(await AuditAsync()).Draft.Agency);
    }

    [Fact]
    public async Task Append_StaleCheckOfABlindWriter_WritesNothing()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var seen = await Other.LoadAsync(tag, Lane.Interactive, None);
        await EndAsync(tag, claim, Ledger.Now);

        var outcome = await AppendAsync(
            Facts.Append(tag, seen.Id, seen.Version, Facts.Draft(Facts.Beta, Operation.Check),
                new IdentifierEvent.AlertRaised(Facts.Alert(Facts.Alpha, Other.Now))),
            Other);

        Assert.IsType<AppendOutcome.Stale>(outcome);
        Assert.Empty(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None));
        Assert.DoesNotContain(await AuditAsync(), entry => entry.Draft.Operation == Operation.Check);
    }

    [Fact]
    public async Task Append_StaleReleaseOfABlindWriter_WritesNothing()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var seen = await Other.LoadAsync(tag, Lane.Interactive, None);
        await ClaimAsync(tag, Facts.Beta);

        var outcome = await AppendAsync(
            Facts.Append(tag, seen.Id, seen.Version, Facts.Draft(Facts.Alpha, Operation.ReleaseClaim),
                new IdentifierEvent.ClaimEnded(claim with { EndReason = EndReason.Released, EndedAt = Other.Now })),
            Other);

        Assert.IsType<AppendOutcome.Stale>(outcome);
        Assert.Equal(2, (await LoadAsync(tag)).Live.Count);
    }

    [Fact]
    public async Task Append_CheckOfAnAbsentIdentifier_ConfirmsAbsenceAndCreatesNothing()
    {
        var tag = Facts.NewTag();

        var version = await CommitAsync(Facts.Append(tag, Guid.CreateVersion7(), 0, Facts.Draft(Facts.Alpha, Operation.Check)));

        Assert.Equal(0, version);
        Assert.Equal(0, (await Ledger.ReadStatisticsAsync(None)).Identifiers);
        Assert.Equal(Operation.Check, Assert.Single(await AuditAsync()).Draft.Operation);
    }

    [Fact]
    public async Task Append_CheckOfAnIdentifierThatIsAbsentNoMore_IsStale()
    {
        var tag = Facts.NewTag();
        await ClaimAsync(tag, Facts.Alpha);

        var outcome = await AppendAsync(
            Facts.Append(tag, Guid.CreateVersion7(), 0, Facts.Draft(Facts.Beta, Operation.Check)), Other);

        Assert.IsType<AppendOutcome.Stale>(outcome);
    }

    [Fact]
    public async Task Append_Check_LeavesTheVersionAndKeepsTheAlert()
    {
        var tag = Facts.NewTag();
        await ClaimAsync(tag, Facts.Alpha);
        var alert = Facts.Alert(Facts.Alpha, Ledger.Now);

        var version = await ChangeAsync(tag, Facts.Draft(Facts.Beta, Operation.Check), new IdentifierEvent.AlertRaised(alert));

        Assert.Equal(1, version);
        Assert.Equal(1, (await LoadAsync(tag)).Version);
        Assert.Equal(alert, Assert.Single(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None)));
    }

    [Fact]
    public async Task Append_VersionThatTheLedgerHasNot_IsStale()
    {
        var outcome = await AppendAsync(Facts.Append(
            Facts.NewTag(), Guid.CreateVersion7(), 3, Facts.Draft(Facts.Alpha),
            new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, Ledger.Now))));

        Assert.IsType<AppendOutcome.Stale>(outcome);
    }

    [Fact]
    public async Task Append_AmongLosers_NeighboursCommit()
    {
        var contested = Facts.NewTag();
        await ClaimAsync(contested, Facts.Alpha);
        var tags = Enumerable.Range(0, 60).Select(_ => Facts.NewTag()).ToList();

        var neighbours = tags.ConvertAll(tag => AppendAsync(NewClaim(tag, 0)));
        var losers = Enumerable.Range(0, 20).Select(_ => AppendAsync(NewClaim(contested, 0))).ToList();

        Assert.All(await Task.WhenAll(neighbours), outcome => Assert.Equal(new AppendOutcome.Committed(1), outcome));
        Assert.All(await Task.WhenAll(losers), outcome => Assert.IsType<AppendOutcome.Stale>(outcome));
        Assert.Equal(61, (await Ledger.ReadStatisticsAsync(None)).LiveClaims);
    }

    [Fact]
    public async Task Append_WritersRaceOnOneIdentifier_EachVersionIsWonOnce()
    {
        const int Rounds = 25;
        var tag = Facts.NewTag();
        var id = Guid.CreateVersion7();

        for (var version = 0; version < Rounds; version++)
        {
            var outcomes = await Task.WhenAll(
                AppendAsync(NewClaim(tag, version, id)), AppendAsync(NewClaim(tag, version, id), Other),
                AppendAsync(NewClaim(tag, version, id)), AppendAsync(NewClaim(tag, version, id), Other));

            Assert.Single(outcomes.OfType<AppendOutcome.Committed>());
        }

        var found = await LoadAsync(tag);
        Assert.Equal(Rounds, found.Version);
        Assert.Equal(Rounds, found.Live.Count);
        Assert.Equal(Rounds, (await AuditAsync()).Count);
    }

    [Fact]
    public async Task Append_ThatSaysItChangesNothingButDoes_IsRefused()
    {
        var append = NewClaim(Facts.NewTag(), 0) with { ChangesState = false };

        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(append));
    }

    private Append NewClaim(Tag tag, long version, Guid? id = null)
    {
        var claim = Facts.Claim(Facts.Beta, Ledger.Now, "case-" + Guid.NewGuid().ToString("N"));
        return Facts.Append(
            tag, id ?? Guid.CreateVersion7(), version, Facts.Draft(Facts.Beta), new IdentifierEvent.ClaimMade(claim));
    }
}
