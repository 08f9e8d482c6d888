using Deconfliction.Dashboard.Tests.Shared;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

[Collection(GridTests.Name)]
public sealed class AccessibilityTests(Grid grid)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_OnEveryPage_FindsNoViolation(ColorScheme theme)
    {
        var page = await grid.OpenAsync(theme: theme);
        Assert.Empty(await Axe.ViolationsOfPagesAsync(page, grid.Address));
        var stranger = await grid.OpenAsync(isSignedIn: false, theme);
        await stranger.GotoAsync(grid.Address.ToString());
        Assert.Empty(await Axe.ViolationsAsync(stranger, "sign-in"));
        await stranger.CloseAllAsync();
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Pages_AtFourTimesTheSize_ScrollOneWayOnly()
    {
        // WCAG 1.4.10: 1280 pixels at 400 % are 320.
        var page = await grid.OpenAsync();
        Assert.Empty(await Axe.TooWideAsync(page, grid.Address, width: 320));
        await page.CloseAllAsync();
    }
}
