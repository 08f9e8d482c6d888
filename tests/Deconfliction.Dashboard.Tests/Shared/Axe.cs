using System.Text.Json;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Shared;

/// <summary>What axe-core finds on a page: WCAG 2.2 AA and its best practices.</summary>
internal static class Axe
{
    // A page's own time-out does not bound what is evaluated on it.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);
    private static readonly string s_script = Path.Combine(Repository.Root, "tests", "axe", "node_modules", "axe-core", "axe.min.js");

    /// <summary>The violations, each with the page's name and the first elements at fault.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, string place)
    {
        // By the debugger, past the page's own policy, which lets no script but its own in.
        await Waiting.WithinAsync($"axe is on {place}", s_limit, page.EvaluateAsync(await File.ReadAllTextAsync(s_script)));
        var found = await Waiting.WithinAsync($"axe has looked at {place}", s_limit, page.EvaluateAsync<string>("""
            async () => JSON.stringify((await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations
              .map(one => ({ id: one.id, nodes: one.nodes.slice(0, 3).map(node => node.html + " — " + node.failureSummary) })))
            """));
        return [.. JsonDocument.Parse(found).RootElement.EnumerateArray().Select(one => $"{place}: {one}")];
    }

    /// <summary>Those of every page of a server in the browser's theme.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsOfPagesAsync(IPage page, Uri address)
    {
        var found = new List<string>();
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(address, place).ToString());
            found.AddRange(await ViolationsAsync(page, place));
        }

        await page.GotoAsync(new Uri(address, "nodes").ToString());
        await page.Locator("a.button").First.ClickAsync();
        found.AddRange(await ViolationsAsync(page, "drain"));
        return found;
    }

    /// <summary>The pages that scroll sideways in a window of this width.</summary>
    public static async Task<IReadOnlyList<string>> TooWideAsync(IPage page, Uri address, int width)
    {
        await page.SetViewportSizeAsync(width, 640);
        var wide = new List<string>();
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(address, place).ToString());
            if (!await Waiting.WithinAsync($"the width of /{place} is known", s_limit, page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")))
            {
                wide.Add($"/{place} is wider than the window of {width} pixels.");
            }
        }

        return wide;
    }
}
