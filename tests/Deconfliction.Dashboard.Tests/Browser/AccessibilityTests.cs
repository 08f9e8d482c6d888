using System.Text.Json;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

[Collection(GridTests.Name)]
public sealed class AccessibilityTests(Grid grid)
{
    private static readonly string s_axe = Path.Combine(Repository.Root, "tests", "axe", "node_modules", "axe-core", "axe.min.js");

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_OnEveryPage_FindsNoViolation(ColorScheme theme)
    {
        var page = await grid.OpenAsync(theme: theme);
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(grid.Address, place).ToString());
            Assert.Empty(await ViolationsAsync(page, place));
        }

        await page.GotoAsync(new Uri(grid.Address, "nodes").ToString());
        await page.Locator("a.button").First.ClickAsync();
        Assert.Empty(await ViolationsAsync(page, "drain"));
        var stranger = await grid.OpenAsync(isSignedIn: false, theme);
        await stranger.GotoAsync(grid.Address.ToString());
        Assert.Empty(await ViolationsAsync(stranger, "sign-in"));
        await stranger.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Pages_AtFourTimesTheSize_ScrollOneWayOnly()
    {
        // WCAG 1.4.10: 1280 pixels at 400 % are 320.
        var page = await grid.OpenAsync();
        await page.SetViewportSizeAsync(320, 640);
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(grid.Address, place).ToString());
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"/{place} is wider than the window.");
        }

        await page.Context.CloseAsync();
    }

    private static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, string place)
    {
        // By the debugger, past the page's own policy, which lets no script but its own in.
        await page.EvaluateAsync(await File.ReadAllTextAsync(s_axe));
        var found = await page.EvaluateAsync<string>("""
            async () => JSON.stringify((await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations
              .map(one => ({ id: one.id, nodes: one.nodes.slice(0, 3).map(node => node.html + " — " + node.failureSummary) })))
            """);
        return [.. JsonDocument.Parse(found).RootElement.EnumerateArray().Select(one => $"{place}: {one}")];
    }
}
