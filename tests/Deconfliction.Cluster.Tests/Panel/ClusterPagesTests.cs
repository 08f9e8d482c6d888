using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Cluster.Tests.Panel;

/// <summary>What is asked of a solo server's operations pages is asked of a silo's too: with all silos' figures on them.</summary>
public sealed class ClusterPagesTests(WatchedCluster watched) : IClassFixture<WatchedCluster>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_OnEveryPage_FindsNoViolation(ColorScheme theme)
    {
        var page = await OpenAsync(theme);
        Assert.Empty(await Axe.ViolationsOfPagesAsync(page, WatchedCluster.Address(watched.Cluster.Silos[0])));
        Assert.Empty(await Axe.TooWideAsync(page, WatchedCluster.Address(watched.Cluster.Silos[0]), width: 320));
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Pages_StreamsExportsAndMetrics_NeverShowWhoMetWhomOrWhat()
    {
        var told = new Secrecy();
        foreach (var silo in watched.Cluster.Silos.Take(2))
        {
            var page = await watched.OpenAsync(silo);
            await page.GotoAsync(WatchedCluster.Address(silo).ToString());
            await Waiting.UntilAsync("the overlaps are on the page", s_limit, async () => await page.Locator("#panel-overlaps tbody tr").CountAsync() == 12);
            await page.GotoAsync(new Uri(WatchedCluster.Address(silo), "identifiers").ToString());
            await Waiting.UntilAsync("the identifiers are on the page", s_limit, async () => await page.Locator("#panel-hot tbody tr").CountAsync() == 12);
            await told.ReadAllAsync(page, WatchedCluster.Address(silo));
            told.Add($"metrics of {silo.Name}", await silo.ReadOpsAsync("/metrics"));
            told.Add($"cluster page of {silo.Name}", await silo.ReadOpsAsync("/cluster"));
            await page.CloseAllAsync();
        }

        Assert.True(told.Count > 500, $"{told.Count} texts were read only.");
        told.AssertTellsNothing(await watched.SecretsAsync(), [.. watched.Agencies.Select(member => member.Agency)]);
    }

    [Fact]
    public async Task Everything_OfASiloWithoutSignIn_Answers401()
    {
        using var http = new HttpClient();
        foreach (var path in (string[])[.. Places.Pages, .. Places.Streams, .. Places.Panels.Select(panel => $"export/{panel}.csv"), "metrics", "cluster", "nodes/drain?node=silo-2"])
        {
            using var answer = await http.GetAsync(new Uri(WatchedCluster.Address(watched.Cluster.Silos[0]), path));
            Assert.True(answer.StatusCode == System.Net.HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Metrics_OfSilos_HaveWhatTheRulesAndTheDashboardAskForAndOrleansOwn()
    {
        var scrapes = new List<string>();
        foreach (var silo in watched.Cluster.Silos)
        {
            scrapes.Add(await silo.ReadOpsAsync("/metrics"));
            var exported = ShippedNames.Exported(scrapes[^1]);
            // Of each by itself: what its alerts are about, and what Orleans counts.
            Assert.All(
                (string[])["deconfliction_server_ready", "deconfliction_actor_active", "orleans_catalog_activation_created_total"],
                name => Assert.True(exported.Contains(name), $"{silo.Name} does not export {name}, but {string.Join(' ', exported.Order(StringComparer.Ordinal))}"));
            // How it is counted, and so how its name ends, differs between releases of Orleans.
            Assert.Contains(exported, static name => name.StartsWith("orleans_app_requests_latency_", StringComparison.Ordinal));
        }

        Assert.Empty(ShippedNames.Missing(string.Join('\n', scrapes)));
    }

    [Fact]
    public async Task Traces_OfSilos_GoOverTheHopAndTellNothing()
    {
        string[] silos = ["silo-1", "silo-2", "silo-3"];
        // A claim that came in at one silo and whose turn was at another: the same trace from both.
        await Waiting.UntilAsync(
            () => $"a trace has come from two silos; spans were {string.Join(", ", silos.SelectMany(watched.Collector.NamesOf).Distinct())}", s_limit,
            () => Task.FromResult(silos.Any(asked => silos.Any(answered => answered != asked
                && watched.Collector.TracesOf(asked, IsCall).Overlaps(watched.Collector.TracesOf(answered, static name => name == "deconfliction.identifier.turn"))))));
        Assert.All(silos, silo => Assert.NotEmpty(watched.Collector.Texts(silo, "traces")));
        var secrets = (await watched.SecretsAsync()).Concat(watched.Agencies.Select(member => member.Agency)).ToList();
        Assert.Empty(watched.Collector.Received.SelectMany(one => secrets
            .Where(secret => one.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(secret => $"{one.Path} tells '{secret}': {Around(one.Text, secret)}")).Take(3));
    }

    /// <summary>Takes the images of docs/images, with <c>docs/images/take</c>; in an ordinary run only that they can be taken is seen.</summary>
    [Theory]
    [InlineData(ColorScheme.Light, "light")]
    [InlineData(ColorScheme.Dark, "dark")]
    public async Task Images_OfEveryPage_CanBeTaken(ColorScheme theme, string name)
    {
        using var folder = new TemporaryFolder();
        await watched.LoadAsync(Images.Load);
        var page = await OpenAsync(theme);
        await Images.TakeAsync(page, WatchedCluster.Address(watched.Cluster.Silos[0]), Images.Folder ?? folder.Path, name);
        await page.CloseAllAsync();
    }

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 80)];
    }

    // ASP.NET Core's span of a call, by whichever of its names.
    private static bool IsCall(string span) => span.StartsWith("POST", StringComparison.Ordinal) || span.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);

    private async Task<IPage> OpenAsync(ColorScheme theme)
    {
        var page = await watched.OpenAsync(watched.Cluster.Silos[0], theme);
        await page.GotoAsync(new Uri(WatchedCluster.Address(watched.Cluster.Silos[0]), "nodes").ToString());
        await Waiting.UntilAsync("three silos are active", s_limit, async () =>
            await page.Locator("#panel-nodes .scroll >> nth=0 >> tbody tr", new() { HasTextString = "active" }).CountAsync() == 3);
        return page;
    }
}
