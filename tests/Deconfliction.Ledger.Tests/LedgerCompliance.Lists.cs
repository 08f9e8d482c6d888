using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task FindClaim_OfAnotherAgency_IsNothing()
    {
        var claim = await ClaimAsync(Facts.NewTag(), Facts.Alpha);

        Assert.Null(await Ledger.FindClaimAsync(Facts.Beta, claim.Id, None));
        Assert.Null(await Ledger.FindClaimAsync(Facts.Alpha, Guid.CreateVersion7(), None));
    }

    [Fact]
    public async Task ListClaims_ByPages_GivesEachOwnClaimOnceInOrder()
    {
        var own = await ClaimsAsync(Facts.Alpha, 7);
        await ClaimsAsync(Facts.Beta, 3);

        var pages = await PagesAsync(after => Ledger.ListClaimsAsync(new ClaimQuery(Facts.Alpha, after, 3), None), owned => owned.Claim.Id);

        Assert.Equal([3, 3, 1], pages.Select(page => page.Count));
        Assert.Equal(own.Select(claim => claim.Id).Order(), pages.SelectMany(page => page).Select(owned => owned.Claim.Id));
    }

    [Fact]
    public async Task ListClaims_ByCaseAndState_FiltersBoth()
    {
        var tag = Facts.NewTag();
        var live = await ClaimAsync(tag, Facts.Alpha, "case-x");
        var released = await ClaimAsync(tag, Facts.Alpha, "case-x");
        var expired = await ClaimAsync(tag, Facts.Alpha, "case-y");
        await EndAsync(tag, released, Ledger.Now);
        await EndAsync(tag, expired, Ledger.Now, EndReason.Expired);

        Assert.Equal(Sorted(live, released), await ListAsync("case-x", state: null));
        Assert.Equal(Sorted(live), await ListAsync("case-x", EndReason.None));
        Assert.Equal(Sorted(released), await ListAsync(caseReference: null, EndReason.Released));
        Assert.Equal(Sorted(expired), await ListAsync("case-y", EndReason.Expired));
        Assert.Empty(await ListAsync("case-z", state: null));

        async Task<IEnumerable<Guid>> ListAsync(string? caseReference, EndReason? state) =>
            (await Ledger.ListClaimsAsync(new ClaimQuery(Facts.Alpha, After: null, 10, caseReference, state), None))
            .Select(owned => owned.Claim.Id);
    }

    [Fact]
    public async Task ReadClaims_Several_LeavesOutWhatIsNotThere()
    {
        var tag = Facts.NewTag();
        var a = await ClaimAsync(tag, Facts.Alpha);
        var b = await ClaimAsync(tag, Facts.Beta);

        var found = await Ledger.ReadClaimsAsync([b.Id, Guid.CreateVersion7(), a.Id], None);

        Assert.Equal(Sorted(a, b), found.Select(owned => owned.Claim.Id).Order());
        Assert.All(found, owned => Assert.Equal(tag, owned.Tag));
        Assert.Empty(await Ledger.ReadClaimsAsync([], None));
    }

    [Fact]
    public async Task ListOverlaps_ByPages_GivesBothSidesEachOnceInOrder()
    {
        var views = new List<OverlapView>();
        for (var i = 0; i < 7; i++)
        {
            views.Add(i % 2 == 0
                ? await OverlapAsync(Facts.NewTag(), Facts.Alpha, Facts.Beta)
                : await OverlapAsync(Facts.NewTag(), Facts.Beta, Facts.Alpha));
        }

        await OverlapAsync(Facts.NewTag(), Facts.Beta, Facts.Gamma);

        var pages = await PagesAsync(
            after => Ledger.ListOverlapsAsync(new OverlapQuery(Facts.Alpha, after, 3), None), found => found.View.Overlap.Id);

        Assert.Equal([3, 3, 1], pages.Select(page => page.Count));
        Assert.Equal(
            views.Select(view => view.Overlap.Id).Order(), pages.SelectMany(page => page).Select(found => found.View.Overlap.Id));
    }

    [Fact]
    public async Task ListOverlaps_Filters_ByOwnClaimCaseAndWhoCame()
    {
        var there = await OverlapAsync(Facts.NewTag(), Facts.Alpha, Facts.Beta, "case-x");
        var came = await OverlapAsync(Facts.NewTag(), Facts.Gamma, Facts.Alpha, "case-y");

        Assert.Equal([there.Overlap.Id], await ListAsync(new OverlapQuery(Facts.Alpha, After: null, 10, OwnClaim: there.A.Id)));
        Assert.Empty(await ListAsync(new OverlapQuery(Facts.Alpha, After: null, 10, OwnClaim: there.B.Id)));
        Assert.Equal([came.Overlap.Id], await ListAsync(new OverlapQuery(Facts.Alpha, After: null, 10, Case: "case-y")));
        Assert.Equal([came.Overlap.Id], await ListAsync(new OverlapQuery(Facts.Alpha, After: null, 10, FoundByOwnClaim: true)));
        Assert.Empty(await ListAsync(new OverlapQuery(Facts.Alpha, After: null, 10, there.A.Id, "case-y")));
        Assert.Empty(await ListAsync(new OverlapQuery(Facts.Alpha, After: null, 10, there.A.Id, FoundByOwnClaim: true)));
        Assert.Equal(
            [came.Overlap.Id], await ListAsync(new OverlapQuery(Facts.Alpha, After: null, 10, came.B.Id, "case-y", FoundByOwnClaim: true)));

        async Task<IEnumerable<Guid>> ListAsync(OverlapQuery query) =>
            (await Ledger.ListOverlapsAsync(query, None)).Select(found => found.View.Overlap.Id);
    }

    // Asked for at once, they are read in groups: each must get its own, no more than it asked for, in order.
    [Fact]
    public async Task ListOverlaps_OfManyClaimsAtOnce_EachGetsItsOwn()
    {
        var asked = new List<(OverlapQuery Query, List<Guid> Expected)>();
        for (var i = 0; i < 8; i++)
        {
            var tag = Facts.NewTag();
            var there = await ClaimAsync(tag, Facts.Alpha);
            var found = new List<Guid>();
            for (var other = 0; other < i % 4; other++)
            {
                found.Add((await OverlapAsync(tag, there, other % 2 == 0 ? Facts.Beta : Facts.Gamma)).Overlap.Id);
            }

            // Made within one millisecond, they need not be in the order of their ids.
            found.Sort();

            asked.Add((new OverlapQuery(Facts.Alpha, After: null, 500, there.Id), found));
            asked.Add((new OverlapQuery(Facts.Alpha, After: null, 2, there.Id), [.. found.Take(2)]));
            asked.Add((new OverlapQuery(Facts.Alpha, After: null, 500, there.Id, FoundByOwnClaim: true), []));
            asked.Add((new OverlapQuery(Facts.Beta, After: null, 500, there.Id), []));
        }

        var came = await OverlapAsync(Facts.NewTag(), Facts.Gamma, Facts.Alpha);
        asked.Add((new OverlapQuery(Facts.Alpha, After: null, 500, came.B.Id, FoundByOwnClaim: true), [came.Overlap.Id]));

        var read = await Task.WhenAll(asked.Select(one => Ledger.ListOverlapsAsync(one.Query, None)));

        Assert.Equal(asked.Select(one => one.Expected), read.Select(list => list.Select(found => found.View.Overlap.Id).ToList()));
    }

    [Fact]
    public async Task ListIdentifiers_ByPages_GivesEachWithLiveClaimsOnceInTagOrder()
    {
        var tags = new List<Tag>();
        for (var i = 0; i < 5; i++)
        {
            tags.Add(Facts.NewTag());
            await ClaimAsync(tags[i], Facts.Alpha);
            await ClaimAsync(tags[i], Facts.Beta);
        }

        var ended = Facts.NewTag();
        await EndAsync(ended, await ClaimAsync(ended, Facts.Alpha), Ledger.Now);
        await ChangeAsync(tags[0], Facts.Draft(Facts.Alpha, Operation.ChangeHazard), new IdentifierEvent.HazardChanged("LISTED"));

        var found = new List<IdentifierSample>();
        while (await Ledger.ListIdentifiersAsync(found.Count == 0 ? null : found[^1].Tag, 2, None) is { Count: > 0 } page)
        {
            found.AddRange(page);
        }

        Assert.Equal(tags.Order(), found.Select(sample => sample.Tag));
        Assert.Equal("LISTED", found.Single(sample => sample.Tag == tags[0]).Hazard);
        Assert.All(found, sample => Assert.Equal(48, sample.Claim.Sealed.Length));
    }

    [Fact]
    public async Task SaveAgency_NewThenReplaced_KeepsRoleAndCreation()
    {
        var at = Ledger.Now;
        var first = new CertificateRecord("0a", at, at.AddDays(365), IsRevoked: false, ExpiryAnnounced: false);
        var second = new CertificateRecord("0b", at.AddDays(1), at.AddDays(366), IsRevoked: false, ExpiryAnnounced: true);
        var agency = new AgencyRecord(
            Facts.Alpha, "Police «Alpha»", AgencyRole.LawEnforcement, "+41 1", IsRevoked: false, at, [first]);
        await SaveAsync(agency);

        await SaveAsync(agency with
        {
            Name = "Alpha", Role = AgencyRole.Operator, Contact = "+41 2", IsRevoked = true, CreatedAt = at.AddDays(1),
            Certificates = [first with { IsRevoked = true }, second],
        });

        var saved = Assert.Single(await Other.ListAgenciesAsync(None));
        Assert.Equal(
            agency with { Name = "Alpha", Contact = "+41 2", IsRevoked = true, Certificates = [] }, saved with { Certificates = [] });
        // A revoked agency has no certificate that is not.
        Assert.Equal([first with { IsRevoked = true }, second with { IsRevoked = true }], saved.Certificates);
        Assert.Equal(2, (await AuditAsync()).Count(entry => entry.Draft.Operation == Operation.CreateAgency));
    }

    [Fact]
    public async Task SaveAgency_OverAnOlderPicture_TakesNoCertificateAndNoRevocationBack()
    {
        var at = Ledger.Now;
        var first = new CertificateRecord("0a", at, at.AddDays(365), IsRevoked: false, ExpiryAnnounced: false);
        var (second, third) = (first with { Serial = "0b" }, first with { Serial = "0c" });
        var agency = new AgencyRecord(Facts.Alpha, "Alpha", AgencyRole.LawEnforcement, "+41 1", IsRevoked: false, at, [first]);
        await SaveAsync(agency);
        await SaveAsync(agency with { Certificates = [first, second] });
        await SaveAsync(agency with { IsRevoked = true, Certificates = [first with { IsRevoked = true, ExpiryAnnounced = true }] });

        // Made over what was there before the other two.
        await SaveAsync(agency with { Certificates = [first, third] });

        var saved = Assert.Single(await Other.ListAgenciesAsync(None));
        Assert.True(saved.IsRevoked);
        Assert.Equal(
            [first with { IsRevoked = true, ExpiryAnnounced = true }, second with { IsRevoked = true }, third with { IsRevoked = true }],
            saved.Certificates.OrderBy(certificate => certificate.Serial));
    }

    [Fact]
    public async Task SaveAgency_ManyAtOnce_AllAreThere()
    {
        var agencies = Enumerable.Range(10, 40).Select(i => new AgencyRecord(
            AgencyId.Parse($"agency-{i}"), $"Agency {i}", AgencyRole.Hotline, "call", IsRevoked: false, Ledger.Now, [])).ToList();

        await Task.WhenAll(agencies.ConvertAll(SaveAsync));

        Assert.Equal(agencies.Select(agency => agency.Id), (await Ledger.ListAgenciesAsync(None)).Select(agency => agency.Id));
    }

    [Fact]
    public async Task SaveAgency_Replayed_ChangesNothing()
    {
        var draft = Facts.Draft(Facts.Gamma, Operation.CreateAgency, Guid.NewGuid());
        var agency = new AgencyRecord(Facts.Alpha, "one", AgencyRole.Hotline, "call", IsRevoked: false, Ledger.Now, []);
        var alert = new Alert
        {
            Id = Guid.CreateVersion7(), To = Facts.Alpha, Kind = AlertKind.CertificateExpiring, Note = "01", CreatedAt = Ledger.Now,
        };
        Assert.IsType<AppendOutcome.Committed>(await Ledger.SaveAgencyAsync(agency, [alert], draft, None));

        var another = alert with { Id = Guid.CreateVersion7() };
        Assert.IsType<AppendOutcome.Replayed>(await Other.SaveAgencyAsync(agency with { Name = "two" }, [another], draft, None));

        Assert.Equal("one", Assert.Single(await Ledger.ListAgenciesAsync(None)).Name);
        Assert.Equal(alert.Id, Assert.Single(await Other.ReadUnnumberedAsync(Facts.Alpha, 10, None)).Id);
    }

    [Fact]
    public async Task Settings_WrittenAndReplaced_AreReadByOthers()
    {
        Assert.Null(await Ledger.ReadSettingAsync("key.1", None));

        await Ledger.WriteSettingAsync("key.1", "a", None);
        await Ledger.WriteSettingAsync("key.1", "b", None);

        Assert.Equal("b", await Other.ReadSettingAsync("key.1", None));
    }

    [Fact]
    public async Task Settings_ReplacedByTwo_AreReplacedByTheFirst()
    {
        Assert.True(await Ledger.ReplaceSettingAsync("list", null, "a", None));
        Assert.False(await Other.ReplaceSettingAsync("list", null, "b", None));
        Assert.True(await Other.ReplaceSettingAsync("list", "a", "ab", None));
        Assert.False(await Ledger.ReplaceSettingAsync("list", "a", "", None));
        Assert.Equal("ab", await Ledger.ReadSettingAsync("list", None));
        Assert.False(await Ledger.ReplaceSettingAsync("another", "a", "b", None));
        Assert.Null(await Ledger.ReadSettingAsync("another", None));

        // At the same time too: of those who have read the same, one writes.
        var written = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? Ledger : Other).ReplaceSettingAsync("list", "ab", $"ab{i}", None)));
        Assert.Single(written, true);
    }

    [Fact]
    public async Task Statistics_CountWhatIsThere()
    {
        var view = await OverlapAsync(Facts.NewTag(), Facts.Alpha, Facts.Beta);
        var tag = Facts.NewTag();
        await EndAsync(tag, await ClaimAsync(tag, Facts.Alpha), Ledger.Now);
        await AlertAsync(Facts.Alpha, 3);
        Assert.NotEqual(Guid.Empty, view.Overlap.Id);

        var statistics = await Ledger.ReadStatisticsAsync(None);

        Assert.Equal((2, 1, 2, 1, 3, 5), (
            statistics.LiveClaims, statistics.EndedClaims, statistics.Identifiers, statistics.Overlaps, statistics.Alerts,
            statistics.AuditEntries));
        Assert.True(statistics.Bytes > 0);
        Assert.True(statistics.SchemaVersion >= 1);
    }

    private async Task SaveAsync(AgencyRecord agency) => Assert.IsType<AppendOutcome.Committed>(
        await Ledger.SaveAgencyAsync(agency, [], Facts.Draft(Facts.Gamma, Operation.CreateAgency), None));

    private async Task<List<Claim>> ClaimsAsync(AgencyId agency, int count)
    {
        var claims = new List<Claim>();
        for (var i = 0; i < count; i++)
        {
            claims.Add(await ClaimAsync(Facts.NewTag(), agency));
        }

        return claims;
    }

    private static async Task<List<IReadOnlyList<T>>> PagesAsync<T>(Func<Guid?, Task<IReadOnlyList<T>>> read, Func<T, Guid> idOf)
    {
        var pages = new List<IReadOnlyList<T>>();
        Guid? after = null;
        while (await read(after) is { Count: > 0 } page)
        {
            pages.Add(page);
            after = idOf(page[^1]);
        }

        return pages;
    }

    private static IEnumerable<Guid> Sorted(params Claim[] claims) => claims.Select(claim => claim.Id).Order();
}
