using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

/// <summary>
/// Takes the images of docs/images. They are written where DECONFLICTION_IMAGES says; in an ordinary run to a folder that goes away, and
/// only that they can be taken is seen.
/// </summary>
[Collection(GridTests.Name)]
public sealed class ImageTests(Grid grid)
{
    [Theory]
    [InlineData(ColorScheme.Light, "light")]
    [InlineData(ColorScheme.Dark, "dark")]
    public async Task Images_OfEveryPage_CanBeTaken(ColorScheme theme, string name)
    {
        using var folder = new TemporaryFolder();
        var into = Environment.GetEnvironmentVariable("DECONFLICTION_IMAGES") ?? folder.Path;
        var page = await grid.OpenAsync(theme: theme);
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(grid.Address, place).ToString());
            await page.Locator(".panel").First.WaitForAsync();
            var file = Path.Combine(into, $"{(place.Length == 0 ? "overview" : place)}-{name}.png");
            await page.ScreenshotAsync(new() { Path = file, FullPage = true });
            Assert.True(new FileInfo(file).Length > 10_000, $"{file} is empty.");
        }

        await page.Context.CloseAsync();
    }
}
