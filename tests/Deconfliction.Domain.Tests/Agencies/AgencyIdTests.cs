using Deconfliction.Domain.Agencies;

namespace Deconfliction.Domain.Tests.Agencies;

public sealed class AgencyIdTests
{
    private static readonly string s_longest = new('a', 63);

    [Theory]
    [InlineData("a1", true)]
    [InlineData("met-police-2", true)]
    [InlineData("a--b", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("-ab", false)]
    [InlineData("ab-", false)]
    [InlineData("Met", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("é1", false)]
    [InlineData("alpha\n", false)]
    [InlineData("\nalpha", false)]
    [InlineData(null, false)]
    public void TryParse_TakesLettersDigitsAndInnerHyphensOnly(string? text, bool isOne)
    {
        Assert.Equal(isOne, AgencyId.TryParse(text, out var id));
        Assert.Equal(isOne ? text : "", id.ToString());
    }

    [Fact]
    public void TryParse_TakesAtMost63()
    {
        Assert.True(AgencyId.TryParse(s_longest, out _));
        Assert.False(AgencyId.TryParse(s_longest + "a", out _));
    }

    // Each row that is read has an id. A pattern's time limit is a clock, and ends a match while the process stands still.
    [Fact]
    public void Domain_UsesNoPatterns() =>
        Assert.DoesNotContain(typeof(AgencyId).Assembly.GetReferencedAssemblies(), used => used.Name == "System.Text.RegularExpressions");
}
