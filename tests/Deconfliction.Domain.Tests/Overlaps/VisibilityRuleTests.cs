using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Domain.Tests.Deciding;

namespace Deconfliction.Domain.Tests.Overlaps;

public class VisibilityRuleTests
{
    [Theory]
    [InlineData(Disclosure.Open, Disclosure.Open, Visibility.Open)]
    [InlineData(Disclosure.Open, Disclosure.Masked, Visibility.Open)]
    [InlineData(Disclosure.Open, Disclosure.Silent, Visibility.Open)]
    [InlineData(Disclosure.Masked, Disclosure.Open, Visibility.Masked)]
    [InlineData(Disclosure.Masked, Disclosure.Masked, Visibility.Masked)]
    [InlineData(Disclosure.Masked, Disclosure.Silent, Visibility.Masked)]
    [InlineData(Disclosure.Silent, Disclosure.Open, Visibility.None)]
    [InlineData(Disclosure.Silent, Disclosure.Masked, Visibility.None)]
    [InlineData(Disclosure.Silent, Disclosure.Silent, Visibility.Masked)]
    public void Of_OthersDisclosureAndMine_FollowsRuleTwo(Disclosure other, Disclosure mine, Visibility expected)
    {
        var (shown, viewer) = (Given.Draft("agency-a", other), Given.Draft("agency-b", mine));

        Assert.Equal(expected, VisibilityRule.Of(shown, viewer));
        Assert.Equal(expected, VisibilityRule.Of(shown, Side(shown), viewer));
    }

    [Theory]
    [InlineData(Disclosure.Open, Visibility.Open)]
    [InlineData(Disclosure.Masked, Visibility.Contact)]
    [InlineData(Disclosure.Silent, Visibility.Contact)]
    public void Of_ContactGiven_ShowsAgencyAndContact(Disclosure other, Visibility expected)
    {
        var shown = Given.Draft("agency-a", other);

        Assert.Equal(expected, VisibilityRule.Of(shown, Side(shown) with { ContactGiven = true }, Given.Draft("agency-b")));
    }

    [Theory]
    [InlineData(Disclosure.Open)]
    [InlineData(Disclosure.Masked)]
    [InlineData(Disclosure.Silent)]
    public void Of_Raised_IsOpen(Disclosure other)
    {
        var shown = Given.Draft("agency-a", other);

        Assert.Equal(Visibility.Open, VisibilityRule.Of(shown, Side(shown) with { Raised = true }, Given.Draft("agency-b")));
    }

    [Theory]
    [InlineData(AgencyRole.Hotline)]
    [InlineData(AgencyRole.Industry)]
    public void Of_ViewedByAReferrer_IsNothing(AgencyRole role)
    {
        var shown = Given.Draft("agency-a");
        var side = Side(shown) with { Raised = true, ContactGiven = true };

        Assert.Equal(Visibility.None, VisibilityRule.Of(shown, side, Given.Draft("agency-b", role: role)));
        Assert.Equal(Visibility.None, VisibilityRule.Of(shown, Given.Draft("agency-b", role: role)));
    }

    [Theory]
    [InlineData(Disclosure.Open, Visibility.Open)]
    [InlineData(Disclosure.Masked, Visibility.Masked)]
    [InlineData(Disclosure.Silent, Visibility.None)]
    public void OfCheck_ByDisclosure_NeverShowsASilentOne(Disclosure other, Visibility expected) =>
        Assert.Equal(expected, VisibilityRule.OfCheck(Given.Draft("agency-a", other)));

    private static OverlapSide Side(Claim claim) => new(claim.Id, claim.Agency);
}
