using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Tests;

/// <summary>Equality of records that hold bytes and lists, which their own equality compares by reference.</summary>
internal static class Same
{
    public static void Claim(Claim expected, Claim? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Sealed = default }, actual with { Sealed = default });
        Assert.Equal(expected.Sealed.ToArray(), actual.Sealed.ToArray());
    }

    public static void View(OverlapView expected, OverlapView? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Overlap, actual.Overlap);
        Claim(expected.A, actual.A);
        Claim(expected.B, actual.B);
    }

    public static void Draft(AuditDraft expected, AuditDraft actual)
    {
        Assert.Equal(
            expected with { PayloadHash = default, Subjects = [], Disclosures = [] },
            actual with { PayloadHash = default, Subjects = [], Disclosures = [] });
        Assert.Equal(expected.PayloadHash.ToArray(), actual.PayloadHash.ToArray());
        Assert.Equal(expected.Subjects, actual.Subjects);
        Assert.Equal(expected.Disclosures, actual.Disclosures);
    }
}
