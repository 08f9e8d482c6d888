using Deconfliction.Dashboard.Tests.Shared;
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
        // Often enough for the list of what is asked for most.
        for (var i = 0; i < 4; i++)
        {
            (await grid.CommandLineOf("amnesty").JsonAsync("check", "ip", Value, "--case", "SECRET-CASE-9", "--purpose", "test")).Expect(0);
        }

        var page = await grid.OpenAsync();
        await page.GotoAsync(new Uri(grid.Address, "identifiers").ToString());
        await Waiting.UntilAsync("the identifier is on the page", TimeSpan.FromSeconds(30), async () => await page.Locator("#panel-hot tbody tr").CountAsync() > 0);
        await page.GotoAsync(grid.Address.ToString());
        await Waiting.UntilAsync("the overlap is on the page", TimeSpan.FromSeconds(30), async () => await page.Locator("#panel-overlaps tbody tr").CountAsync() > 0);
        var told = new Secrecy();
        await told.ReadAllAsync(page, grid.Address);
        told.Add("metrics", await ReadMetricsAsync(page));
        told.AssertTellsNothing([Value, "SECRET-CASE-9", "desk 4711", .. overlaps, .. await TagsAsync()], Grid.Agencies);
        await page.CloseAllAsync();
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
        await page.CloseAllAsync();
    }

    // An auditor alone is told tags; the first four bytes of one are enough to know it by.
    private async Task<IReadOnlyList<string>> TagsAsync()
    {
        await grid.AddAgencyAsync("auditor", "auditor", "AUDITOR");
        var tags = (await grid.CommandLineOf("auditor").JsonAsync("audit", "list", "--case", "SECRET-CASE-9")).Expect(0).Json
            .Select(entry => entry.GetProperty("tag").GetString()!).Where(tag => tag.Length > 0).Distinct().ToList();
        Assert.NotEmpty(tags);
        return [.. tags.SelectMany(tag => new[] { tag[..8], Convert.ToBase64String(Convert.FromHexString(tag))[..8] })];
    }

    private async Task<string> ReadMetricsAsync(Microsoft.Playwright.IPage page)
    {
        var token = await SignInTests.MakeTokenAsync(grid, page, "reader", "Viewer");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await http.GetStringAsync(new Uri(grid.Address, "metrics"));
    }

    private async Task<string> RowsAsync(Microsoft.Playwright.IPage page)
    {
        var csv = await page.Context.APIRequest.GetAsync(new Uri(grid.Address, "export/overlaps.csv").ToString());
        return await csv.TextAsync();
    }
}
