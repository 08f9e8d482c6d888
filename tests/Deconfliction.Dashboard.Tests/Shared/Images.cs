using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Shared;

/// <summary>The images of docs/images.</summary>
internal static class Images
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Where they are to be written; nothing in an ordinary run.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("DECONFLICTION_IMAGES") is { Length: > 0 } folder ? folder : null;

    /// <summary>For how long a load runs before; nothing in an ordinary run.</summary>
    public static TimeSpan Load => TimeSpan.FromSeconds(
        Folder is not null && Environment.GetEnvironmentVariable("DECONFLICTION_IMAGES_SECONDS") is { Length: > 0 } text
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0);

    /// <summary>Takes one of every page, in the browser's theme.</summary>
    public static async Task TakeAsync(IPage page, Uri address, string folder, string theme)
    {
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(address, place).ToString());
            await page.Locator(".panel").First.WaitForAsync();
            if (await Waiting.WithinAsync("the page is told from one that stands", s_limit, page.Locator("[data-live-page]").CountAsync()) > 0)
            {
                await page.WaitForSelectorAsync(".live.is-live");
            }

            var file = Path.Combine(folder, $"{(place.Length == 0 ? "overview" : place)}-{theme}.png");
            await page.ScreenshotAsync(new() { Path = file, FullPage = true });
            Assert.True(new FileInfo(file).Length > 10_000, $"{file} is empty.");
        }
    }
}
