using System.Diagnostics;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Panel;

/// <summary>One silo's operations pages, in a browser, show all of them; one that is killed shows there, and one can be drained from there.</summary>
public sealed class SilosPageTests(ITestOutputHelper output)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // Issue 4: a silo that is killed turns its row and the verdict within this.
    private static readonly TimeSpan s_turned = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Pages_OfOneSilo_ShowAllOneKilledAndOneDrained()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        var (alpha, bravo) = (await cluster.AddMemberAsync("alpha"), await cluster.AddMemberAsync("bravo"));
        await using var follower = await Follower.StartAsync(cluster, alpha, cluster.Silos[1].Url);
        await MeetAsync(cluster, alpha, bravo);
        await Waiting.UntilAsync("the alerts are there", Awaited.AlertLimit, () => follower.Alerts.Count == 10);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        var context = await browser.NewContextAsync(new() { Locale = "en", ViewportSize = new() { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout((float)s_limit.TotalMilliseconds);
        var (silos, overview) = await OpenAsync(context, cluster.Silos[0]);

        await Expect("three silos are active", async () => await silos.Locator("#panel-nodes .scroll >> nth=0 >> tbody tr", new() { HasTextString = "active" }).CountAsync() == 3);
        await Expect("each says what lives on it", async () => await silos.Locator("#panel-nodes h3 ~ .scroll tbody tr").CountAsync() == 3);
        await Expect("all silos' claims are in one figure", async () => await ClaimsAsync(overview) == 30);
        await Expect("all silos' overlaps are in the feed", async () => await overview.Locator("#panel-overlaps tbody tr").CountAsync() == 10);
        // Two thirds of the claims came in at another silo than their identifier's.
        Assert.All(await Waiting.WithinAsync("the kinds are read", s_limit, overview.Locator("#panel-overlaps tbody td:nth-child(2)").AllInnerTextsAsync()), kind => Assert.Equal("email", kind));
        await AssertAgenciesAsync(context, cluster.Silos[0]);
        await AssertJoinedAsync(silos, cluster);
        await AssertJoinedAsync((await OpenAsync(context, cluster.Silos[2])).Silos, cluster);

        await cluster.Silos[2].KillAsync();
        var since = Stopwatch.StartNew();
        var row = TurnsAsync("the row of the killed silo turns", silos.Locator("#panel-nodes .scroll >> nth=0 >> tbody tr", new() { HasTextString = cluster.Silos[2].Name }), ["dead", "does not answer"]);
        var verdict = TurnsAsync("the verdict names it", overview.Locator("#panel-verdict .verdict.bad .sentence"), [$"{cluster.Silos[2].Name} is dead", $"{cluster.Silos[2].Name} does not answer"]);
        await Task.WhenAll(row, verdict);
        output.WriteLine($"row after {await row:0.0} s, verdict after {await verdict:0.0} s");
        Assert.True(since.Elapsed < s_turned, $"The row turned after {await row:0.0} s, the verdict after {await verdict:0.0} s.");
        var told = await overview.Locator("#panel-verdict").InnerTextAsync();
        Assert.Contains("Cause", told, StringComparison.Ordinal);
        Assert.Contains("Look at its machine", told, StringComparison.Ordinal);
        await Expect("the record tells of it", async () =>
            await silos.Locator("#panel-membership tbody tr", new() { HasTextString = "was declared dead" }).Filter(new() { HasTextString = cluster.Silos[2].Name }).CountAsync() == 1);

        Assert.Empty(await Axe.ViolationsAsync(silos, "silos, one dead"));
        Assert.Empty(await Axe.ViolationsAsync(overview, "overview, one silo dead"));
        await DrainAsync(silos, cluster.Silos[1]);
        await silos.GotoAsync(Address(cluster.Silos[0], "nodes"));
        await Expect("its row says that it has left", async () => (await RowAsync(silos, cluster.Silos[1])).Contains("has left", StringComparison.Ordinal));
        await silos.GotoAsync(Address(cluster.Silos[0], "operations"));
        // What was asked for, before that silo was told; and what came of it. Newest first.
        Assert.Matches($"(?s)DONE {cluster.Silos[1].Name}.*ASKED {cluster.Silos[1].Name}", await silos.Locator("#panel-operations").InnerTextAsync());

        async Task<double> TurnsAsync(string what, ILocator place, string[] words)
        {
            await Expect(what, async () => await place.CountAsync() > 0 && await place.First.InnerTextAsync() is var text && words.Any(word => text.Contains(word, StringComparison.Ordinal)));
            return since.Elapsed.TotalSeconds;
        }
    }

    private static Task Expect(string what, Func<Task<bool>> condition) => Waiting.UntilAsync(what, s_limit, condition);

    private static string Address(SiloProcess silo, string page) => $"http://127.0.0.1:{silo.OpsPort}/{page}";

    // Ten identifiers, claimed by one agency at one silo and by another at the next, and ten that are claimed once: at all silos.
    private static async Task MeetAsync(ClusterUnderTest cluster, Member alpha, Member bravo)
    {
        for (var number = 0; number < 10; number++)
        {
            await alpha.At(cluster.Silos[number % 3]).Claims.CreateAsync(Requests.Claim($"shown-{number}@example.org", "P-1"), None);
            await bravo.At(cluster.Silos[(number + 1) % 3]).Claims.CreateAsync(Requests.Claim($"shown-{number}@example.org", "P-2"), None);
            await bravo.At(cluster.Silos[number % 3]).Claims.CreateAsync(Requests.Claim($"alone-{number}@example.org", "P-3"), None);
        }
    }

    private static async Task<(IPage Silos, IPage Overview)> OpenAsync(IBrowserContext context, SiloProcess silo)
    {
        await Waiting.UntilAsync("the link is printed", s_limit, () => silo.Log.Contains("/sign-in?token=", StringComparison.Ordinal));
        var link = silo.Log.Split('\n').Last(line => line.Contains("/sign-in?token=", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        var overview = await context.NewPageAsync();
        await overview.GotoAsync(link);
        var silos = await context.NewPageAsync();
        await silos.GotoAsync(Address(silo, "nodes"));
        return (silos, overview);
    }

    private static Task<string> RowAsync(IPage page, SiloProcess silo) => page.Locator("#panel-nodes .scroll >> nth=0 >> tbody tr", new() { HasTextString = silo.Name }).InnerTextAsync();

    private static async Task<long> ClaimsAsync(IPage page)
    {
        var note = await page.Locator("#panel-now .tile", new() { HasTextString = "Claims a second" }).Locator(".note").InnerTextAsync();
        return long.Parse(new string([.. note.TakeWhile(static c => c != ' ').Where(char.IsAsciiDigit)]), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task AssertAgenciesAsync(IBrowserContext context, SiloProcess silo)
    {
        var agencies = await context.NewPageAsync();
        await agencies.GotoAsync(Address(silo, "agencies"));
        Assert.Contains("silo-2: 1", await agencies.Locator("#panel-agencies tbody tr", new() { HasTextString = "ALPHA" }).InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("silo", await agencies.Locator("#panel-agencies tbody tr", new() { HasTextString = "BRAVO" }).InnerTextAsync(), StringComparison.Ordinal);
        await Waiting.WithinAsync("the page is closed", s_limit, agencies.CloseAsync());
    }

    // Whichever joined first: that there were silos before it, each silo's page knows of those alone.
    private static Task AssertJoinedAsync(IPage page, ClusterUnderTest cluster) => Expect("each silo has joined, once", async () =>
        await page.Locator("#panel-membership tbody tr", new() { HasTextString = "joined" }).Locator("td:nth-child(2)").AllInnerTextsAsync() is var joined
            && joined.Order(StringComparer.Ordinal).SequenceEqual(cluster.Silos.Select(static silo => silo.Name)));

    private static async Task DrainAsync(IPage page, SiloProcess silo)
    {
        await page.GotoAsync(page.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = $"Drain {silo.Name}" }).ClickAsync();
        Assert.True(await silo.IsReadyAsync());
        await page.Locator("button.danger").ClickAsync();
        Assert.Contains($"{silo.Name} was told to drain", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await Waiting.UntilAsync("the drained silo has ended", s_limit, () => !silo.IsRunning);
    }
}
