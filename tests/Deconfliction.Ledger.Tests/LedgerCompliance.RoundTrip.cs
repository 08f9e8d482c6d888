using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task ClaimMade_EveryAttribute_IsLoadedEqual()
    {
        var tag = Facts.NewTag();
        var now = Ledger.Now;
        var claim = Facts.Claim(Facts.Alpha, now, "Fall 2026/Ü-7 «ß» 🔒 x") with
        {
            Role = AgencyRole.Hotline,
            RequestedBy = "",
            Priority = Priority.Urgent,
            Handling = Handling.TlpAmberStrict,
            Disclosure = Disclosure.Silent,
            Window = new Window(now.AddDays(-3), now.AddDays(-2).AddMicroseconds(7), TimeSpan.FromMinutes(5)),
            Port = 65_535,
            ExpiresAt = now.AddDays(90).AddMicroseconds(1),
            Revision = 3,
            RuleVersion = 2,
            Held = true,
            ExpiryAnnounced = true,
            Sealed = ReadOnlyMemory<byte>.Empty,
        };

        await ChangeAsync(tag, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(claim));

        Same.Claim(claim, Assert.Single((await LoadAsync(tag)).Live));
        Same.Claim(claim, (await Ledger.FindClaimAsync(Facts.Alpha, claim.Id, None))?.Claim);
    }

    [Fact]
    public async Task ClaimChanged_EveryChangeableAttribute_IsLoadedEqual()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var changed = claim with
        {
            Priority = Priority.Low,
            Handling = Handling.H2,
            Disclosure = Disclosure.Masked,
            ExpiresAt = claim.ExpiresAt.AddDays(30),
            Revision = 2,
            Held = true,
            ExpiryAnnounced = true,
            Sealed = new byte[] { 1, 2, 3 },
        };

        var version = await ChangeAsync(tag, Facts.Draft(Facts.Alpha, Operation.UpdateClaim), new IdentifierEvent.ClaimChanged(changed));

        Assert.Equal(2, version);
        Same.Claim(changed, Assert.Single((await LoadAsync(tag)).Live));
    }

    [Fact]
    public async Task ClaimEnded_IsNotLoadedButFound()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var ended = claim with { EndedAt = Ledger.Now, EndReason = EndReason.Expired, Revision = 2 };

        await ChangeAsync(tag, Facts.Draft(Facts.Alpha, Operation.Sweep), new IdentifierEvent.ClaimEnded(ended));

        Assert.Empty((await LoadAsync(tag)).Live);
        Same.Claim(ended, (await Ledger.FindClaimAsync(Facts.Alpha, claim.Id, None))?.Claim);
    }

    [Fact]
    public async Task ClaimMadeAndChangedInOneAppend_HasItsLastState()
    {
        var tag = Facts.NewTag();
        var claim = Facts.Claim(Facts.Alpha, Ledger.Now) with { Held = true };
        var lifted = claim with { Held = false, Revision = 2 };

        await ChangeAsync(
            tag, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(claim), new IdentifierEvent.ClaimChanged(lifted));

        Same.Claim(lifted, Assert.Single((await LoadAsync(tag)).Live));
    }

    [Fact]
    public async Task HazardAndCrowdChanged_AreLoaded_AndGoAgain()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var draft = Facts.Draft(Facts.Alpha, Operation.ChangeHazard);

        await ChangeAsync(tag, draft, new IdentifierEvent.HazardChanged("SPECIAL_PURPOSE"), new IdentifierEvent.CrowdChanged(IsCrowd: true));

        var found = await LoadAsync(tag);
        Assert.Equal(("SPECIAL_PURPOSE", true), (found.Hazard, found.IsCrowd));
        var owned = await Ledger.FindClaimAsync(Facts.Alpha, claim.Id, None);
        Assert.Equal((tag, "SPECIAL_PURPOSE", true), (owned!.Tag, owned.Hazard, owned.IsCrowd));

        await ClaimAsync(tag, Facts.Beta);
        Assert.Equal("SPECIAL_PURPOSE", (await LoadAsync(tag)).Hazard);

        await ChangeAsync(tag, draft, new IdentifierEvent.HazardChanged(Reason: null), new IdentifierEvent.CrowdChanged(IsCrowd: false));
        found = await LoadAsync(tag);
        Assert.Equal((null, false), (found.Hazard, found.IsCrowd));
    }

    [Fact]
    public async Task OverlapFound_IsReadByBothSidesAndNobodyElse()
    {
        var tag = Facts.NewTag();
        var view = await OverlapAsync(tag, Facts.Alpha, Facts.Beta);

        var ofAlpha = await Ledger.FindOverlapAsync(Facts.Alpha, view.Overlap.Id, None);
        var ofBeta = await Ledger.FindOverlapAsync(Facts.Beta, view.Overlap.Id, None);

        Same.View(view, ofAlpha?.View);
        Same.View(view, ofBeta?.View);
        Assert.Equal((tag, 2L), (ofAlpha!.Tag, ofAlpha.Version));
        Assert.Null(await Ledger.FindOverlapAsync(Facts.Gamma, view.Overlap.Id, None));
    }

    [Fact]
    public async Task OverlapChanged_EveryAttribute_IsLoadedEqual()
    {
        var tag = Facts.NewTag();
        var view = await OverlapAsync(tag, Facts.Alpha, Facts.Beta);
        var at = Ledger.Now;
        var changed = view.Overlap with
        {
            A = view.Overlap.A with { Raised = true, AcknowledgedAt = at },
            B = view.Overlap.B with { ContactGiven = true, AcknowledgedAt = at.AddSeconds(1) },
            Outcome = Outcome.DuplicateStopped,
            ResolvedAt = at.AddSeconds(2),
        };

        await ChangeAsync(tag, Facts.Draft(Facts.Alpha, Operation.ResolveOverlap), new IdentifierEvent.OverlapChanged(changed));

        Assert.Equal(changed, (await Ledger.FindOverlapAsync(Facts.Alpha, changed.Id, None))!.View.Overlap);
    }

    [Fact]
    public async Task OverlapFound_WindowAssumed_IsLoadedEqual()
    {
        var tag = Facts.NewTag();
        var a = await ClaimAsync(tag, Facts.Alpha);
        var b = Facts.Claim(Facts.Beta, Ledger.Now);
        var overlap = Facts.Overlap(a, b, Ledger.Now) with { WindowAssumed = true, A = new OverlapSide(a.Id, a.Agency, Raised: true) };

        await ChangeAsync(tag, Facts.Draft(Facts.Beta), new IdentifierEvent.ClaimMade(b), new IdentifierEvent.OverlapFound(overlap));

        Assert.Equal(overlap, (await Ledger.FindOverlapAsync(Facts.Alpha, overlap.Id, None))!.View.Overlap);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OverlapFound_SamePairAgain_IsStoredAndToldOnce(bool otherWayRound)
    {
        var tag = Facts.NewTag();
        var view = await OverlapAsync(tag, Facts.Alpha, Facts.Beta);
        var again = otherWayRound ? Facts.Overlap(view.B, view.A, Ledger.Now) : Facts.Overlap(view.A, view.B, Ledger.Now);
        var alert = Facts.Alert(Facts.Alpha, Ledger.Now, AlertKind.OverlapFound) with { OverlapId = again.Id };
        var neighbour = Facts.Alert(Facts.Alpha, Ledger.Now);

        await ChangeAsync(
            tag,
            Facts.Draft(Facts.Beta),
            new IdentifierEvent.OverlapFound(again),
            new IdentifierEvent.AlertRaised(alert),
            new IdentifierEvent.AlertRaised(neighbour));

        var found = Assert.Single(await Ledger.ListOverlapsAsync(new OverlapQuery(Facts.Alpha, After: null, 10), None));
        Assert.Equal(view.Overlap.Id, found.View.Overlap.Id);
        Assert.Equal(neighbour.Id, Assert.Single(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None)).Id);
    }

    [Fact]
    public async Task AlertRaised_EveryAttribute_IsReadEqual()
    {
        var tag = Facts.NewTag();
        var view = await OverlapAsync(tag, Facts.Alpha, Facts.Beta);
        var alert = Facts.Alert(Facts.Alpha, Ledger.Now, AlertKind.ContactRequested) with
        {
            ClaimId = view.A.Id,
            OverlapId = view.Overlap.Id,
            Visibility = Visibility.Contact,
            From = Facts.Beta,
            FromClaimId = view.B.Id,
            FromCase = "Ñ-1",
            Note = "26-50",
        };

        await ChangeAsync(tag, Facts.Draft(Facts.Beta, Operation.RequestContact), new IdentifierEvent.AlertRaised(alert));

        Assert.Equal(alert, Assert.Single(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None)));
        Assert.True(await Ledger.NumberAsync(Facts.Alpha, 1, [alert.Id], None));
        var entry = Assert.Single(await Ledger.ReadFeedAsync(Facts.Alpha, 0, 10, None));
        Assert.Equal((1L, alert), (entry.Position, entry.Alert));
        Same.Claim(view.A, entry.OwnClaim);
        Same.View(view, entry.Overlap);
        Same.Claim(view.B, entry.FromClaim);
    }

    [Fact]
    public async Task Load_SeveralLiveClaims_AreInOrderOfTheirIds()
    {
        var tag = Facts.NewTag();
        var claims = new List<Claim>();
        for (var i = 0; i < 5; i++)
        {
            claims.Add(await ClaimAsync(tag, i % 2 == 0 ? Facts.Alpha : Facts.Beta, $"case-{i}"));
        }

        await EndAsync(tag, claims[2], Ledger.Now);

        var found = await Other.LoadAsync(tag, Lane.Bulk, None);
        Assert.Equal(claims.Where((_, i) => i != 2).Select(claim => claim.Id).Order(), found.Live.Select(claim => claim.Id));
        Assert.Equal(6, found.Version);
    }

    [Fact]
    public async Task Append_WithATextThatNoDatabaseStores_IsRefusedAndHarmsNobody()
    {
        var neighbours = Enumerable.Range(0, 20).Select(_ => ClaimAsync(Facts.NewTag(), Facts.Beta)).ToList();
        foreach (var text in (string[])["nul \0", "half \ud83d", "\udd12 half"])
        {
            var bad = Facts.Claim(Facts.Alpha, Ledger.Now) with { Case = text };
            await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(Facts.Append(
                Facts.NewTag(), Guid.CreateVersion7(), 0, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(bad))));
            await Assert.ThrowsAsync<ArgumentException>(
                () => Ledger.RecordAsync(Facts.Draft(Facts.Alpha) with { Purpose = text }, Lane.Interactive, None));
        }

        await Task.WhenAll(neighbours);
    }
}
