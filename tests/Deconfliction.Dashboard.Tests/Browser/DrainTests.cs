using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

public sealed class DrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Drain_Confirmed_StopsTheServerGracefullyAndIsRecorded()
    {
        await using var server = new ServerProcess(_folder.Path);
        await server.StartAsync();
        await Waiting.UntilAsync("the link is printed", TimeSpan.FromSeconds(20), () => server.Log.Contains("/sign-in?token=", StringComparison.Ordinal));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        var page = await browser.NewPageAsync(new() { Locale = "en" });
        await page.GotoAsync(Grid.LinkOf(server));
        await page.GetByRole(AriaRole.Link, new() { Name = "Silos" }).ClickAsync();
        await page.Locator("a.button").First.ClickAsync();
        Assert.True(await server.IsReadyAsync());
        await page.Locator("button.danger").ClickAsync();
        Assert.Contains("was told to drain", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await Waiting.WithinAsync("the page is closed", TimeSpan.FromSeconds(60), page.CloseAsync());
        await Waiting.UntilAsync("the server has stopped", TimeSpan.FromSeconds(30), () => !Directory.Exists($"/proc/{server.ProcessId}"));

        await server.StartAsync();
        await Waiting.UntilAsync(
            "a new link is printed", TimeSpan.FromSeconds(20),
            () => server.Log.Split("/sign-in?token=").Length == 3);
        using var http = new HttpClient();
        await http.GetStringAsync(Grid.LinkOf(server));
        var log = await http.GetStringAsync(new Uri($"http://127.0.0.1:{server.OpsPort}/operations"));
        Assert.Contains("drain of a silo", log, StringComparison.Ordinal);
        // Newest first: what came of it, and before that what was asked for.
        Assert.Matches($"(?s)DONE {Environment.MachineName}.*ASKED {Environment.MachineName}", log);
    }

    public void Dispose() => _folder.Dispose();
}
