using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task Record_EveryAttribute_IsListedEqual()
    {
        var draft = Facts.Draft(Facts.Alpha, Operation.Check, Guid.NewGuid()) with
        {
            Tag = Facts.NewTag(),
            Case = "Ü-7",
            Purpose = "søk",
            Subjects = [Guid.NewGuid(), Guid.CreateVersion7()],
            Result = "2",
            Disclosures =
            [
                new Disclosed(Facts.Alpha, Facts.Beta, Guid.NewGuid(), Guid.Empty, Visibility.Open),
                new Disclosed(Facts.Alpha, Facts.Gamma, Guid.NewGuid(), Guid.NewGuid(), Visibility.Masked),
            ],
        };
        await Ledger.RecordAsync(draft, Lane.Interactive, None);

        var entry = Assert.Single(await AuditAsync());

        Same.Draft(draft, entry.Draft);
        Assert.Equal(1, entry.Number);
        Assert.Equal(32, entry.Hash.Length);
        Assert.InRange(entry.At, Ledger.Now.AddMinutes(-1), Ledger.Now);
    }

    [Fact]
    public async Task Record_WithNothingOptional_IsListedEqual()
    {
        var draft = new AuditDraft { Agency = Facts.Alpha, Certificate = "grid", Operation = Operation.Sweep };
        await Ledger.RecordAsync(draft, Lane.Bulk, None);

        Same.Draft(draft, Assert.Single(await AuditAsync()).Draft);
    }

    [Fact]
    public async Task Record_ManyAtOnce_EachAcknowledgedOneIsRecordedOnceAndTheChainsHold()
    {
        var drafts = Enumerable.Range(0, 150).Select(static i => Facts.Draft(Facts.Alpha) with { Result = $"{i}" }).ToList();

        await Task.WhenAll(drafts.Select(draft => Ledger.RecordAsync(draft, Lane.Interactive, None)));

        var entries = await Ledger.ListAuditAsync(new AuditQuery(After: null, 1_000), None);
        Assert.Equal(
            drafts.Select(static draft => draft.Result).Order(StringComparer.Ordinal),
            entries.Select(static entry => entry.Draft.Result).Order(StringComparer.Ordinal));
        Assert.Null((await Ledger.VerifyAuditAsync(None)).FirstBad);
    }

    [Fact]
    public async Task ListAudit_ByPages_GivesEachEntryOnceInOrderOfTime()
    {
        for (var i = 0; i < 7; i++)
        {
            await (i % 2 == 0 ? Ledger : Other).RecordAsync(Facts.Draft(Facts.Alpha) with { Result = $"{i}" }, Lane.Interactive, None);
        }

        var results = new List<string>();
        AuditCursor? after = null;
        while (await Ledger.ListAuditAsync(new AuditQuery(after, 3), None) is { Count: > 0 } page)
        {
            results.AddRange(page.Select(entry => entry.Draft.Result));
            after = new AuditCursor(page[^1].At, page[^1].Writer, page[^1].Number);
        }

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], results);
    }

    [Fact]
    public async Task ListAudit_Filters_ByAgencyCaseAndTime()
    {
        await Ledger.RecordAsync(Facts.Draft(Facts.Alpha) with { Case = "x", Result = "1" }, Lane.Interactive, None);
        await Ledger.RecordAsync(Facts.Draft(Facts.Beta) with { Case = "x", Result = "2" }, Lane.Interactive, None);
        await Ledger.RecordAsync(Facts.Draft(Facts.Alpha) with { Case = null, Result = "3" }, Lane.Interactive, None);
        var times = (await AuditAsync()).Select(entry => entry.At).ToList();

        Assert.Equal(["1", "3"], await ListAsync(new AuditQuery(After: null, 10, Facts.Alpha)));
        Assert.Equal(["1", "2"], await ListAsync(new AuditQuery(After: null, 10, Case: "x")));
        Assert.Equal(["2"], await ListAsync(new AuditQuery(After: null, 10, Facts.Beta, "x")));
        Assert.Equal(["2", "3"], await ListAsync(new AuditQuery(After: null, 10, From: times[1])));
        Assert.Equal(["1"], await ListAsync(new AuditQuery(After: null, 10, Until: times[1])));

        async Task<IEnumerable<string>> ListAsync(AuditQuery query) =>
            (await Ledger.ListAuditAsync(query, None)).Select(entry => entry.Draft.Result);
    }

    [Fact]
    public async Task VerifyAudit_Untouched_FindsNothing()
    {
        await RecordTenAsync();
        await Other.RecordAsync(Facts.Draft(Facts.Beta), Lane.Interactive, None);

        var verification = await Ledger.VerifyAuditAsync(None);

        Assert.Equal(new AuditVerification(11, 2, FirstBad: null), verification);
    }

    [Fact]
    public async Task VerifyAudit_EmptyRecord_FindsNothing() =>
        Assert.Equal(new AuditVerification(0, 0, FirstBad: null), await Ledger.VerifyAuditAsync(None));

    [Theory]
    [InlineData("UPDATE audit SET purpose = 'other' WHERE number = 4", 4)]
    [InlineData("UPDATE audit SET requested_by = 'nobody' WHERE number = 7", 7)]
    [InlineData("UPDATE audit SET agency = 'no such agency' WHERE number = 5", 5)]
    [InlineData("DELETE FROM audit WHERE number = 6", 6)]
    [InlineData("DELETE FROM audit WHERE number = 1", 1)]
    [InlineData("DELETE FROM audit WHERE number >= 9", 9)]
    [InlineData("DELETE FROM audit", 1)]
    [InlineData(
        "UPDATE audit SET number = 100 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 5; "
        + "UPDATE audit SET number = 5 WHERE number = 100", 3)]
    [InlineData(
        "DELETE FROM audit WHERE number = 10; UPDATE audit_writer SET head_number = 9, "
        + "head_hash = (SELECT hash FROM audit WHERE number = 9)", 9)]
    [InlineData(
        "DELETE FROM audit WHERE number <= 2; UPDATE audit_writer SET base_number = 2, "
        + "base_hash = (SELECT hash FROM audit WHERE number = 3)", 3)]
    [InlineData("DELETE FROM audit_writer", 1)]
    [InlineData("DELETE FROM audit; DELETE FROM audit_writer", 1)]
    public async Task VerifyAudit_TamperedWith_NamesTheFirstBadEntry(string tampering, long firstBad)
    {
        await RecordTenAsync();
        await Store.ExecuteAsync(tampering);

        var verification = await Other.VerifyAuditAsync(None);

        Assert.Equal((1, firstBad), (verification.FirstBad?.Writer, verification.FirstBad?.Number));
    }

    [Theory]
    [InlineData("DELETE FROM audit WHERE writer = 3; DELETE FROM audit_writer WHERE writer = 3", 3)]
    [InlineData("DELETE FROM audit WHERE writer = 2; DELETE FROM audit_writer WHERE writer = 2", 2)]
    [InlineData("DELETE FROM audit_writer WHERE writer = 3", 3)]
    [InlineData("UPDATE audit SET result = 'x' WHERE writer = 2", 2)]
    public async Task VerifyAudit_AWholeChainTamperedWith_NamesIt(string tampering, long writer)
    {
        await RecordTenAsync();
        await Other.RecordAsync(Facts.Draft(Facts.Beta), Lane.Interactive, None);
        await using (var third = await Store.OpenAsync(TestStore.Options))
        {
            await third.RecordAsync(Facts.Draft(Facts.Beta), Lane.Interactive, None);
        }

        await Store.ExecuteAsync(tampering);

        var verification = await Ledger.VerifyAuditAsync(None);

        Assert.Equal((writer, 1), (verification.FirstBad?.Writer, verification.FirstBad?.Number));
    }

    [Fact]
    public async Task VerifyAudit_UnderAnotherKey_FindsTheFirstEntryBad()
    {
        await RecordTenAsync();
        await using var forger = await Store.OpenAsync(TestStore.Options with { AuditKey = new byte[32] });

        Assert.Equal(1, (await forger.VerifyAuditAsync(None)).FirstBad?.Number);
    }

    [Fact]
    public async Task Open_Again_StartsAnotherChain()
    {
        await RecordTenAsync();
        await using (var again = await Store.OpenAsync(TestStore.Options))
        {
            await again.RecordAsync(Facts.Draft(Facts.Alpha), Lane.Interactive, None);
        }

        var entries = await AuditAsync();
        Assert.Equal((2, 1), (entries[^1].Writer, entries[^1].Number));
        Assert.Equal(new AuditVerification(11, 2, FirstBad: null), await Ledger.VerifyAuditAsync(None));
    }

    private async Task RecordTenAsync()
    {
        await ClaimAsync(Facts.NewTag(), Facts.Alpha);
        for (var i = 1; i < 10; i++)
        {
            await Ledger.RecordAsync(Facts.Draft(Facts.Alpha, Operation.Check, Guid.NewGuid()), Lane.Interactive, None);
        }
    }
}
