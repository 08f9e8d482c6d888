using System.Text.Json;
using Deconfliction.Dashboard.Text;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

[Collection(GridTests.Name)]
public sealed class PageTests(Grid grid)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [RealInputFact]
    public async Task Overview_WhileTheRealInputIsImported_ShowsTheNumbersArrive()
    {
        var page = await grid.OpenAsync();
        await page.GotoAsync(grid.Address.ToString());
        await Waiting.WithinAsync("the page is marked", s_limit, page.EvaluateAsync("window.notReloaded = true"));
        var imports = await Task.WhenAll(Grid.Agencies.Select(agency =>
            grid.CommandLineOf(agency).JsonAsync("import", Path.Combine(Repository.RealInput!, agency + ".tsv"), "--case", "REAL-1")));
        Assert.All(imports, import => Assert.True(import.ExitCode is 0 or 1, $"{import.ExitCode}: {import.Errors}"));

        await Expect("claims arrive", async () => Figure(await TileAsync(page, "Claims a second")) > 50_000);
        await Expect("overlaps arrive", async () => Figure(await TileAsync(page, "Overlaps a second")) >= 74);
        await Expect("the feed of overlaps fills", async () => await page.Locator("#panel-overlaps tbody tr").CountAsync() == 12);
        await Expect("a call is in the table", async () => (await page.Locator("#panel-calls").InnerTextAsync()).Contains("ImportClaims", StringComparison.Ordinal));
        Assert.True(await EvaluateAsync<bool>(page, "window.notReloaded === true"));
        Assert.Contains("Live", await page.Locator("[data-live]").InnerTextAsync(), StringComparison.Ordinal);

        await page.GotoAsync(new Uri(grid.Address, "ledger").ToString());
        await Expect("the ledger's page has them", async () => await OverlapsOfAsync(page) >= 80);
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Panels_OfAFrozenServer_TurnStaleAndComeBack()
    {
        var page = await grid.OpenAsync();
        await page.GotoAsync(grid.Address.ToString());
        await Expect("the page is live", async () => await page.Locator(".live.is-live").CountAsync() == 1);
        await SignalAsync("STOP");
        try
        {
            await page.WaitForSelectorAsync(".live.is-stale", new() { Timeout = 30_000 });
            Assert.Equal(await CountAsync(page, "[data-panel]"), await CountAsync(page, "[data-panel][data-old]"));
            Assert.Contains("No data from the server since", await page.Locator("#panel-now .asof").InnerTextAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await SignalAsync("CONT");
        }

        await page.WaitForSelectorAsync(".live.is-live", new() { Timeout = 30_000 });
        await Expect("no panel is stale", async () => await page.Locator("[data-panel][data-old]").CountAsync() == 0);
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Panel_ThatIsPaused_StandsStillWhileOthersGoOn()
    {
        var page = await grid.OpenAsync();
        await page.GotoAsync(grid.Address.ToString());
        await page.Locator("#panel-now [data-pause]").ClickAsync();
        Assert.Equal("true", await page.Locator("#panel-now [data-pause]").GetAttributeAsync("aria-pressed"));
        var (paused, other) = (await AsOfAsync(page, "now"), await AsOfAsync(page, "verdict"));
        await Expect("another panel goes on", async () => await AsOfAsync(page, "verdict") != other);
        Assert.Equal(paused, await AsOfAsync(page, "now"));
        await page.Locator("#panel-now [data-pause]").ClickAsync();
        await Expect("it goes on too", async () => await AsOfAsync(page, "now") != paused);
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Exports_OfEveryPanel_Parse()
    {
        var page = await grid.OpenAsync();
        foreach (var panel in Places.Panels)
        {
            var json = await page.Context.APIRequest.GetAsync(new Uri(grid.Address, $"export/{panel}.json").ToString());
            Assert.Equal(200, json.Status);
            var root = JsonDocument.Parse(await json.TextAsync()).RootElement;
            Assert.Equal(panel, root.GetProperty("panel").GetString());
            Assert.True(root.GetProperty("asOf").TryGetDateTimeOffset(out _));
            var csv = await (await page.Context.APIRequest.GetAsync(new Uri(grid.Address, $"export/{panel}.csv").ToString())).TextAsync();
            foreach (var table in csv.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries))
            {
                var lines = table.Trim().Split("\r\n").Select(CellsOf).ToList();
                Assert.All(lines, line => Assert.Equal(lines[0].Count, line.Count));
            }
        }

        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Pages_AllOfThem_AskNobodyElseAndBreakNoPolicy()
    {
        var page = await grid.OpenAsync();
        var (foreign, problems) = (new List<string>(), new List<string>());
        page.Context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(grid.Address.ToString(), StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };
        page.Console += (_, message) => problems.Add(message.Text);
        page.PageError += (_, error) => problems.Add(error);
        foreach (var place in Places.Pages)
        {
            var answer = await page.GotoAsync(new Uri(grid.Address, place).ToString());
            var policy = await answer!.HeaderValueAsync("content-security-policy");
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            if (await CountAsync(page, "[data-live-page]") > 0)
            {
                await page.WaitForSelectorAsync(".live.is-live");
                await page.Mouse.MoveAsync(700, 500);
            }
        }

        Assert.Empty(foreign);
        Assert.Empty(problems);
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Names_ThatWouldRunOrOverflow_DoNoHarm()
    {
        const string Script = "<script>window.harmed = true</script><img src=x onerror=\"window.harmed = true\">";
        var combining = "e" + new string('\u0301', 60);
        await grid.AddAgencyAsync("hostile", Script);
        await grid.AddAgencyAsync("tall", combining);
        var hostile = grid.CommandLineOf("hostile");
        for (var i = 0; i < 6; i++)
        {
            // Whether it is taken or refused, it must do no harm to who looks.
            await hostile.JsonAsync("claim", "username", $"example.org:{Script}", "--case", $"C-{i}");
        }

        await hostile.JsonAsync("claim", "username", "example.org:e" + new string('\u0301', 2_000), "--case", "C-7");
        var page = await grid.OpenAsync();
        page.Dialog += (_, _) => Assert.Fail("A dialogue was opened.");
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(grid.Address, place).ToString());
            Assert.False(await EvaluateAsync<bool>(page, "window.harmed === true"));
            Assert.Equal(0, await CountAsync(page, "main script, main img"));
            Assert.True(await EvaluateAsync<bool>(page, "document.documentElement.scrollWidth <= innerWidth"), $"/{place} is wider than the window.");
        }

        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Pages_InFrench_AreFrench()
    {
        var page = await grid.OpenAsync(locale: "fr-FR");
        var (english, french) = (Language.English.Words, Language.French.Words);
        var onlyEnglish = english.Where(word => word.Value.Length > 12 && !word.Value.Contains('{', StringComparison.Ordinal) && word.Value != french[word.Key])
            .Select(word => word.Value).ToList();
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(grid.Address, place).ToString());
            Assert.Equal("fr", await page.Locator("html").GetAttributeAsync("lang"));
            var text = await page.Locator("body").InnerTextAsync();
            Assert.Contains("Journal des opérations", text, StringComparison.Ordinal);
            Assert.DoesNotContain(onlyEnglish, word => text.Contains(word, StringComparison.Ordinal));
        }

        // What is chosen counts more than what the browser asks for.
        await page.Locator("button[value=en]").ClickAsync();
        Assert.Equal("en", await page.Locator("html").GetAttributeAsync("lang"));
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Times_AreInUtcAndLocalOnHover()
    {
        var page = await grid.OpenAsync(timezone: "Asia/Tokyo");
        await page.GotoAsync(grid.Address.ToString());
        var asOf = page.Locator("#panel-now [data-asof]");
        await Expect("the script has looked at it", async () => await asOf.GetAttributeAsync("title") is not null);
        Assert.EndsWith(" UTC", await asOf.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Matches("^Local time: .*(GMT\\+9|JST)$", await asOf.GetAttributeAsync("title"));
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Pages_ForThoseWhoWantNoMotion_MoveNothing()
    {
        var page = await grid.OpenAsync();
        await page.GotoAsync(grid.Address.ToString());
        await page.WaitForSelectorAsync(".live.is-live");
        Assert.Equal(0, await EvaluateAsync<int>(page, "document.getAnimations().length"));
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        Assert.NotEqual(0, await EvaluateAsync<int>(page, "document.getAnimations().length"));
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Keyboard_OnAChart_ReadsItsValues()
    {
        var page = await grid.OpenAsync();
        await page.GotoAsync(new Uri(grid.Address, "nodes").ToString());
        await Expect("there are values", async () => (await page.Locator("#panel-resources [data-chart]").First.GetAttributeAsync("data-chart"))!.Contains("UTC", StringComparison.Ordinal));
        await page.Locator("#panel-resources [data-chart]").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Contains("UTC", await page.Locator(".tip").InnerTextAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(0, await CountAsync(page, ".tip"));
        await page.CloseAllAsync();
    }

    // A page's own time-out bounds neither what is counted nor what is evaluated on it.
    private static Task<int> CountAsync(IPage page, string selector) => Waiting.WithinAsync($"{selector} is counted", s_limit, page.Locator(selector).CountAsync());

    private static Task<T> EvaluateAsync<T>(IPage page, string expression) => Waiting.WithinAsync($"{expression} is known", s_limit, page.EvaluateAsync<T>(expression));

    [Fact]
    public async Task Pointer_OnAChart_ReadsItsValuesWithTheTime()
    {
        var page = await grid.OpenAsync();
        await page.GotoAsync(new Uri(grid.Address, "nodes").ToString());
        var chart = page.Locator("#panel-resources [data-chart]").First;
        await Expect("there are values", async () => (await chart.GetAttributeAsync("data-chart"))!.Contains("UTC", StringComparison.Ordinal));
        await chart.HoverAsync();
        Assert.Matches(@"(?s)\d\d:\d\d:\d\d UTC.*\d", await page.Locator(".tip").InnerTextAsync());
        await page.Locator("h1").HoverAsync();
        await Expect("it is gone with the pointer", async () => await page.Locator(".tip").CountAsync() == 0);
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Refusals_AreShownByCodeAndReason()
    {
        var eset = grid.CommandLineOf("eset");
        for (var time = 0; time < 2; time++)
        {
            Assert.NotEqual(0, (await eset.JsonAsync("check", "ip", "45.83.300.17", "--case", "R-1", "--purpose", "test")).ExitCode);
        }

        var page = await grid.OpenAsync();
        await page.GotoAsync(grid.Address.ToString());
        var row = page.Locator("#panel-errors tbody tr", new() { HasTextString = "NOT_AN_IPV4_ADDRESS" });
        await Expect("the refusals are counted", async () => await row.CountAsync() == 1 && Figure((await row.Locator("td").Nth(2).InnerTextAsync()) + " ") >= 2);
        Assert.Equal("INVALID_ARGUMENT", await row.Locator("td").First.InnerTextAsync());
        await page.CloseAllAsync();
    }

    private static Task Expect(string what, Func<Task<bool>> condition) => Waiting.UntilAsync(what, s_limit, condition);

    private static async Task<string> TileAsync(IPage page, string label) =>
        await page.Locator(".tile", new() { HasTextString = label }).Locator(".note").InnerTextAsync();

    private static async Task<long> OverlapsOfAsync(IPage page) =>
        Figure(await page.Locator("#panel-size .tile", new() { HasTextString = "SILENT" }).Locator(".value").InnerTextAsync());

    private static long Figure(string note) => long.Parse(new string([.. note.TakeWhile(c => c != ' ').Where(char.IsAsciiDigit)]));

    private static async Task<string?> AsOfAsync(IPage page, string panel) => await page.Locator($"#panel-{panel} [data-asof]").GetAttributeAsync("datetime");

    private async Task SignalAsync(string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{grid.Server.ProcessId}"]);
        await Waiting.WithinAsync($"SIG{signal} is sent", s_limit, kill.WaitForExitAsync());
    }

    private static List<string> CellsOf(string line)
    {
        var cells = new List<string> { "" };
        var isQuoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                cells.Add("");
                continue;
            }

            cells[^1] += c;
        }

        return cells;
    }
}

/// <summary>A test that needs <c>shared/data/ioc</c> beside the checkout, and says so where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealInputFactAttribute : FactAttribute
{
    /// <summary>Skips itself where the folder is absent.</summary>
    public RealInputFactAttribute()
    {
        if (Repository.RealInput is null)
        {
            Skip = "The real input (shared/data/ioc) is not beside this checkout.";
        }
    }
}
