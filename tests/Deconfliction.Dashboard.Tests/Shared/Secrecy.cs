using System.Text;
using System.Text.Json;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Shared;

/// <summary>Everything that a server's operations address tells somebody who is signed in, and the search in it for what it must not tell.</summary>
internal sealed class Secrecy
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly List<(string Place, string Text, bool IsRow)> _texts = [];

    /// <summary>How many texts were read.</summary>
    public int Count => _texts.Count;

    /// <summary>Reads all pages, streams and exports. The page's browser is signed in.</summary>
    public async Task ReadAllAsync(IPage page, Uri address)
    {
        foreach (var place in Places.Pages)
        {
            await page.GotoAsync(new Uri(address, place).ToString());
            Add($"/{place}", await Waiting.WithinAsync($"the text of /{place}", s_limit, page.ContentAsync()));
            AddRows($"/{place}", await Waiting.WithinAsync($"the rows of /{place}", s_limit, page.Locator("tr, .tile, .verdict, li").AllInnerTextsAsync()));
        }

        foreach (var panel in Places.Panels)
        {
            foreach (var type in (string[])["csv", "json"])
            {
                var answer = await page.Context.APIRequest.GetAsync(new Uri(address, $"export/{panel}.{type}").ToString());
                Assert.Equal(200, answer.Status);
                var text = await answer.TextAsync();
                Add($"{panel}.{type}", text);
                AddRows($"{panel}.{type}", text.Split(type == "csv" ? "\r\n" : "},"));
            }
        }

        using var http = await SignedInAsync(page, address);
        foreach (var stream in Places.Streams)
        {
            var (sent, markup) = await ReadStreamAsync(http, new Uri(address, stream));
            Add(stream, sent);
            AddRows(stream, markup.Split("</tr>"));
        }
    }

    /// <summary>Adds a text that was read otherwise.</summary>
    public void Add(string place, string text) => _texts.Add((place, text, IsRow: false));

    /// <summary>Asserts that none of the secrets is in any of it, and that no row names two agencies.</summary>
    public void AssertTellsNothing(IReadOnlyCollection<string> secrets, IReadOnlyCollection<string> agencies)
    {
        Assert.All(secrets, secret => Assert.True(secret.Length >= 4, $"'{secret}' would be found anywhere."));
        foreach (var (place, text, isRow) in _texts)
        {
            Assert.True(
                !secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase)),
                $"{place} tells '{secrets.FirstOrDefault(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase))}'.");
            Assert.True(!isRow || agencies.Count(agency => text.Contains(agency, StringComparison.OrdinalIgnoreCase)) <= 1, $"{place} names two agencies: {text}");
        }

        // That all of it was read shows in what it may tell.
        Assert.All(agencies, agency => Assert.Contains(_texts, one => one.Text.Contains(agency, StringComparison.OrdinalIgnoreCase)));
    }

    // What a stream sends at first, every panel once: as it is sent, and the markup as the page gets it.
    private static async Task<(string Sent, string Markup)> ReadStreamAsync(HttpClient http, Uri stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var answer = await http.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        var (sent, markup) = (new StringBuilder(), new StringBuilder());
        while (await reader.ReadLineAsync(limit.Token) is { } line && line != "event: tick")
        {
            sent.AppendLine(line);
            if (line.StartsWith("data: {", StringComparison.Ordinal) && JsonDocument.Parse(line["data: ".Length..]).RootElement.TryGetProperty("html", out var html))
            {
                markup.AppendLine(html.GetString());
            }
        }

        Assert.NotEqual(0, markup.Length);
        return (sent.ToString(), markup.ToString());
    }

    private static async Task<HttpClient> SignedInAsync(IPage page, Uri address)
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Add(
            "Cookie", string.Join("; ", (await page.Context.CookiesAsync([address.ToString()])).Select(cookie => $"{cookie.Name}={cookie.Value}")));
        return http;
    }

    private void AddRows(string place, IEnumerable<string> rows) => _texts.AddRange(rows.Select(row => (place, row, true)));
}
