using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Browser;

[Collection(GridTests.Name)]
public sealed class SecrecyTests(Grid grid)
{
    [Fact]
    public async Task Pages_AndExports_NeverShowWhoMetWhomOrWhat()
    {
        const string Value = "45.77.12.9";
        var overlaps = new List<string>();
        foreach (var agency in (string[])["amnesty", "avast"])
        {
            var claimed = (await grid.CommandLineOf(agency).JsonAsync("claim", "ip", Value, "--case", "SECRET-CASE-9", "--contact", "desk 4711")).Expect(0).Json[0];
            var number = claimed.GetProperty("claim");
            overlaps.Add((number.ValueKind == System.Text.Json.JsonValueKind.Object ? number.GetProperty("claim") : number).GetString()!);
        }

        overlaps.AddRange((await grid.CommandLineOf("avast").JsonAsync("overlaps", "list")).Expect(0).Json.Select(row => row.GetProperty("overlap").GetString()!));
        Assert.True(overlaps.Count > 2);
        var page = await grid.OpenAsync();
        await page.GotoAsync(grid.Address.ToString());
        await Waiting.UntilAsync("the overlap is on the page", TimeSpan.FromSeconds(30), async () => await page.Locator("#panel-overlaps tbody tr").CountAsync() > 0);
        var texts = new List<(string Place, string Text)>();
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(grid.Address, place).ToString());
            texts.Add((place, await page.ContentAsync()));
            foreach (var row in await page.Locator("tr, .tile, .verdict, li").AllInnerTextsAsync())
            {
                texts.Add((place + " row", row));
            }
        }

        foreach (var panel in Places.Panels)
        {
            foreach (var type in (string[])["csv", "json"])
            {
                var answer = await page.Context.APIRequest.GetAsync(new Uri(grid.Address, $"export/{panel}.{type}").ToString());
                var text = await answer.TextAsync();
                texts.Add(($"{panel}.{type}", text));
                texts.AddRange(text.Split(type == "csv" ? "\r\n" : "},").Select(line => ($"{panel}.{type} row", line)));
            }
        }

        string[] secrets = [Value, "SECRET-CASE-9", "desk 4711", .. overlaps];
        foreach (var (place, text) in texts)
        {
            Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
            if (place.EndsWith("row", StringComparison.Ordinal))
            {
                Assert.True(Grid.Agencies.Count(agency => text.Contains(agency, StringComparison.OrdinalIgnoreCase)) <= 1, $"{place} names two agencies: {text}");
            }
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Overlaps_WithASilentSide_CountInTotalsOnly()
    {
        var page = await grid.OpenAsync();
        var before = await RowsAsync(page);
        (await grid.CommandLineOf("eset").JsonAsync("claim", "domain", "forum-x7k2.net", "--case", "S-1", "--disclosure", "silent")).Expect(0);
        (await grid.CommandLineOf("sophos").JsonAsync("claim", "domain", "forum-x7k2.net", "--case", "S-2")).Expect(0);
        // One that is not silent comes after it, so that the silent one has been through.
        (await grid.CommandLineOf("eset").JsonAsync("claim", "domain", "board-q9z4.net", "--case", "S-3")).Expect(0);
        (await grid.CommandLineOf("sophos").JsonAsync("claim", "domain", "board-q9z4.net", "--case", "S-4")).Expect(0);
        await Waiting.UntilAsync("the open one is shown", TimeSpan.FromSeconds(30), async () => await RowsAsync(page) != before);
        var shown = await page.Context.APIRequest.GetAsync(new Uri(grid.Address, "export/overlaps.csv").ToString());
        Assert.Equal(1, (await shown.TextAsync()).Split("\r\n").Count(line => line.Contains(",domain,", StringComparison.Ordinal)));
        await page.Context.CloseAsync();
    }

    private async Task<string> RowsAsync(Microsoft.Playwright.IPage page)
    {
        var csv = await page.Context.APIRequest.GetAsync(new Uri(grid.Address, "export/overlaps.csv").ToString());
        return await csv.TextAsync();
    }
}
