using System.Net;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Browser;

[Collection(GridTests.Name)]
public sealed class SignInTests(Grid grid)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Link_UsedByTheFixture_SignedItIn()
    {
        var page = await grid.OpenAsync();
        var answer = await page.GotoAsync(grid.Address.ToString());
        Assert.Equal(200, answer!.Status);
        Assert.Equal("Overview", await page.Locator("h1").InnerTextAsync());
        var cookie = Assert.Single(await page.Context.CookiesAsync());
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain("token=", page.Url, StringComparison.Ordinal);
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Link_UsedOnceAlready_Answers401()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(Grid.LinkOf(grid.Server));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Everything_WithoutSignIn_Answers401AndTellsNothing()
    {
        using var http = new HttpClient();
        string[] paths =
        [
            .. Places.Pages, .. Places.Streams, .. Places.Panels.SelectMany(panel => new[] { $"export/{panel}.csv", $"export/{panel}.json" }),
            "assets/dashboard.css", "assets/dashboard.js", "assets/inter.woff2", "assets/icon.svg", "metrics", "sign-in", "nodes/drain?node=x", "favicon.ico",
            "cluster", "health", "nothing/of/the/kind",
        ];
        foreach (var path in paths)
        {
            using var answer = await http.GetAsync(new Uri(grid.Address, path));
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode}");
            Assert.DoesNotContain("amnesty", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (var path in (string[])["nodes/drain", "access/tokens", "access/revoke", "preferences", "sign-out"])
        {
            using var answer = await http.PostAsync(new Uri(grid.Address, path), new FormUrlEncodedContent([]));
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"POST {path}: {answer.StatusCode}");
        }

        foreach (var path in (string[])["health/live", "health/ready"])
        {
            using var answer = await http.GetAsync(new Uri(grid.Address, path));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Token_MadeUsedAndRevoked_LetsInAsLongAsItIsThere()
    {
        var page = await grid.OpenAsync();
        var token = await MakeTokenAsync(grid, page, "watcher", "Viewer");

        var other = await grid.OpenAsync(isSignedIn: false);
        Assert.Equal(401, (await other.GotoAsync(grid.Address.ToString()))!.Status);
        await other.FillAsync("#token", token);
        await other.ClickAsync("button");
        Assert.Equal("watcher", await other.Locator(".who strong").InnerTextAsync());
        Assert.Equal(403, (await other.GotoAsync(new Uri(grid.Address, "access").ToString()))!.Status);
        Assert.Equal(403, (await other.GotoAsync(new Uri(grid.Address, "nodes/drain?node=x").ToString()))!.Status);
        Assert.Equal(0, await Waiting.WithinAsync("the links are counted", s_limit, other.Locator("a[href='/access']").CountAsync()));

        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Contains("deconfliction_", await http.GetStringAsync(new Uri(grid.Address, "metrics")), StringComparison.Ordinal);
        Assert.StartsWith("{", await http.GetStringAsync(new Uri(grid.Address, "export/now.json")), StringComparison.Ordinal);
        // Off unless it is asked for: a header names nobody.
        http.DefaultRequestHeaders.Add("X-Forwarded-User", "somebody");
        Assert.DoesNotContain("somebody", await http.GetStringAsync(grid.Address), StringComparison.Ordinal);

        await page.GotoAsync(new Uri(grid.Address, "access").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke watcher" }).ClickAsync();
        await page.WaitForURLAsync("**/access");
        Assert.Equal(401, (await other.GotoAsync(grid.Address.ToString()))!.Status);
        using var refused = await http.GetAsync(new Uri(grid.Address, "metrics"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        await page.GotoAsync(new Uri(grid.Address, "operations").ToString());
        var log = await page.Locator("#panel-operations table").InnerTextAsync();
        // Newest first: each is recorded as asked for before it is done, and as done after.
        Assert.Matches("(?s)token\\s+DONE watcher.*token\\s+ASKED watcher.*token\\s+DONE watcher.*token\\s+ASKED watcher", log);
        Assert.Matches("(?s)revocation of a token\\s+DONE watcher.*making of a token\\s+DONE watcher", log);
        Assert.Matches("watcher \\(grid\\)\\s+signed in", log);
        await page.CloseAllAsync();
        await other.CloseAllAsync();
    }

    [Theory]
    [InlineData("access/tokens")]
    [InlineData("access/revoke")]
    [InlineData("nodes/drain")]
    [InlineData("preferences")]
    [InlineData("sign-out")]
    public async Task Form_WithoutWhatThePageGaveIt_IsNotDone(string form)
    {
        var page = await grid.OpenAsync();
        await page.GotoAsync(new Uri(grid.Address, "access").ToString());
        var genuine = await page.Locator("input[name=form]").First.InputValueAsync();
        // A form that was guessed, and one that another site has sent with what is right.
        Assert.Equal(403, await PostAsync(page, form, "guess", fetchedBy: null));
        Assert.Equal(403, await PostAsync(page, form, "", fetchedBy: "same-origin"));
        Assert.Equal(403, await PostAsync(page, form, genuine, fetchedBy: "cross-site"));
        Assert.Equal(403, await PostAsync(page, form, genuine, fetchedBy: "same-site"));
        await page.ReloadAsync();
        Assert.Equal("Access", await page.Locator("h1").InnerTextAsync());
        Assert.DoesNotContain("forged", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await grid.Server.IsReadyAsync());
        await page.CloseAllAsync();
    }

    [Theory]
    [InlineData("access/tokens")]
    [InlineData("access/revoke")]
    [InlineData("nodes/drain")]
    public async Task Form_OfAViewer_IsNotDone(string form)
    {
        var name = "viewer-" + form.Replace('/', '-');
        var operators = await grid.OpenAsync();
        var token = await MakeTokenAsync(grid, operators, name, "Viewer");
        var page = await grid.OpenAsync(isSignedIn: false);
        await page.GotoAsync(grid.Address.ToString());
        await page.FillAsync("#token", token);
        await page.ClickAsync("button");
        Assert.Equal(403, await PostAsync(page, form, await page.Locator("input[name=form]").First.InputValueAsync(), fetchedBy: "same-origin"));
        await operators.ReloadAsync();
        Assert.True(await grid.Server.IsReadyAsync());
        await operators.CloseAllAsync();
        await page.CloseAllAsync();
    }

    [Fact]
    public async Task Attempts_ElevenWrongOnes_AreHeardNoMore()
    {
        using var folder = new TemporaryFolder();
        await using var server = new ServerProcess(folder.Path);
        await server.StartAsync();
        using var http = new HttpClient();
        var address = new Uri($"http://127.0.0.1:{server.OpsPort}/sign-in");
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await http.PostAsync(address, new FormUrlEncodedContent([new("token", $"guess {i}")]));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var eleventh = await http.PostAsync(address, new FormUrlEncodedContent([new("token", "guess 11")]));
        Assert.Equal(HttpStatusCode.TooManyRequests, eleventh.StatusCode);
        // Not even the right one is heard now.
        await Waiting.UntilAsync("the link is printed", TimeSpan.FromSeconds(20), () => server.Log.Contains("/sign-in?token=", StringComparison.Ordinal));
        using var right = await http.GetAsync(Grid.LinkOf(server));
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
    }

    private async Task<int> PostAsync(IPage page, string form, string token, string? fetchedBy)
    {
        var answer = await page.Context.APIRequest.PostAsync(new Uri(grid.Address, form).ToString(), new()
        {
            Form = page.Context.APIRequest.CreateFormData().Set("name", "forged").Set("role", "Operator").Set("node", Environment.MachineName).Set("theme", "dark").Set("form", token),
            Headers = fetchedBy is null ? [] : new Dictionary<string, string> { ["Sec-Fetch-Site"] = fetchedBy },
            MaxRedirects = 0,
        });
        return answer.Status;
    }

    /// <summary>Makes a token on the page, as an operator does.</summary>
    internal static async Task<string> MakeTokenAsync(Grid grid, IPage page, string name, string role)
    {
        await page.GotoAsync(new Uri(grid.Address, "access").ToString());
        await page.FillAsync("#name", name);
        await page.CheckAsync($"input[value={role}]");
        await page.ClickAsync("button.primary");
        return await page.Locator(".secret").InnerTextAsync();
    }
}
