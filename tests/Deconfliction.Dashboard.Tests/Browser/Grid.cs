using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

/// <summary>A server process of the tests' own with agencies, and a browser to look at it with.</summary>
public sealed class Grid : IAsyncLifetime
{
    /// <summary>The agencies: what no page may show side by side.</summary>
    public static readonly string[] Agencies = ["amnesty", "avast", "eset", "sophos"];

    private readonly TemporaryFolder _folder = new();
    private IPlaywright? _playwright;

    /// <summary>The server.</summary>
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The state of a browser that is signed in as operator.</summary>
    public string Operator { get; private set; } = "";

    /// <summary>Where the pages are.</summary>
    public Uri Address => new($"http://127.0.0.1:{Server.OpsPort}/");

    /// <summary>The command line of an agency.</summary>
    public CommandLine CommandLineOf(string agency) => new(Server.Url, _folder[agency + ".pem"], Server.AuthorityFile);

    /// <summary>The link that a start printed last.</summary>
    public static string LinkOf(ServerProcess server) =>
        server.Log.Split('\n').Last(line => line.Contains("/sign-in?token=", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];

    /// <summary>A page of a browser that is signed in, or is not.</summary>
    public async Task<IPage> OpenAsync(bool isSignedIn = true, ColorScheme theme = ColorScheme.Light, string locale = "en-GB", string timezone = "UTC")
    {
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            StorageState = isSignedIn ? Operator : null, ColorScheme = theme, Locale = locale, ReducedMotion = ReducedMotion.Reduce, TimezoneId = timezone,
            ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
        });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    /// <summary>Adds an agency.</summary>
    public async Task AddAgencyAsync(string id, string name, string role = "LAW_ENFORCEMENT")
    {
        var operators = new CommandLine(Server.Url, Server.OperatorFile, Server.AuthorityFile);
        (await operators.JsonAsync(
            "agency", "add", id, "--name", name, "--role", role, "--contact", $"desk@{id}.example", "--out", _folder[id + ".pem"])).Expect(0);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Server = new ServerProcess(_folder.Path);
        await Server.StartAsync();
        foreach (var agency in Agencies)
        {
            await AddAgencyAsync(agency, agency);
        }

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"],
        });
        await Waiting.UntilAsync("the link is printed", TimeSpan.FromSeconds(20), () => Server.Log.Contains("/sign-in?token=", StringComparison.Ordinal));
        var page = await OpenAsync(isSignedIn: false);
        await page.GotoAsync(LinkOf(Server));
        Operator = await page.Context.StorageStateAsync();
        await page.CloseAllAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Waiting.WithinAsync("the browser is closed", TimeSpan.FromSeconds(60), Browser.CloseAsync());
        _playwright?.Dispose();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class GridTests : ICollectionFixture<Grid>
{
    public const string Name = "a grid and a browser";
}
