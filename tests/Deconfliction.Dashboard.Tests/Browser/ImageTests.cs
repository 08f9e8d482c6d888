using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

/// <summary>An image of each page can be taken. Those of docs/images are of a cluster, and taken there.</summary>
[Collection(GridTests.Name)]
public sealed class ImageTests(Grid grid)
{
    [Theory]
    [InlineData(ColorScheme.Light, "light")]
    [InlineData(ColorScheme.Dark, "dark")]
    public async Task Images_OfEveryPage_CanBeTaken(ColorScheme theme, string name)
    {
        using var folder = new TemporaryFolder();
        var page = await grid.OpenAsync(theme: theme);
        await Images.TakeAsync(page, grid.Address, folder.Path, name);
        await page.CloseAllAsync();
    }
}
