using System.Net;
using System.Text.RegularExpressions;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Web;
using Deconfliction.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Access;

/// <summary>The pages of one node, served on a socket of their own, and somebody who is signed in there as an operator.</summary>
internal sealed partial class PagesNode : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly HttpClient _http;

    private PagesNode(WebApplication host, HttpClient http) => (_host, _http) = (host, http);

    /// <summary>Starts it, and signs in.</summary>
    public static async Task<PagesNode> StartAsync(string name, ILedger ledger, FakeTimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<ILocalNode>(new Node(name)).AddSingleton<INodeControl>(new Undrained());
        builder.Services.AddDashboard(ledger, new DashboardOptions { PseudonymKey = new byte[32], IsTls = false });
        var host = builder.Build();
        var pages = host.Services.GetRequiredService<OpsDashboard>();
        host.Run(pages.HandleAsync);
        await host.StartAsync();
        var address = new Uri(host.Urls.Single());
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        using var signedIn = await http.GetAsync(pages.CreateSignInLink(address));
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        return new PagesNode(host, http);
    }

    /// <summary>A page.</summary>
    public Task<string> ReadAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Makes a token by its form.</summary>
    public Task<(HttpStatusCode Status, string Page)> MakeAsync(string name) => SendAsync("/access/tokens", ("name", name), ("role", "Viewer"));

    /// <summary>Revokes a token by its form.</summary>
    public Task<(HttpStatusCode Status, string Page)> RevokeAsync(string name) => SendAsync("/access/revoke", ("name", name));

    /// <summary>What the log of operations says of an action, oldest first.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(string name) =>
        [.. (await ReadAsync("/export/operations.csv")).Split("\r\n").Where(line => line.Contains($" {name},", StringComparison.Ordinal)).Select(line => line.Split(',')[3].Split(' ')[0]).Reverse()];

    /// <summary>Whether a secret opens anything.</summary>
    public async Task<bool> OpensAsync(string secret)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        using var answer = await http.GetAsync(new Uri(_http.BaseAddress!, "/export/now.json"));
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>The secret that a page tells; nothing where it tells none.</summary>
    public static string? SecretOn(string page) => Secret().Match(page) is { Success: true } match ? match.Groups["secret"].Value : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    private async Task<(HttpStatusCode Status, string Page)> SendAsync(string path, params (string Name, string Value)[] fields)
    {
        var form = FormToken().Match(await ReadAsync("/ledger")).Groups["form"].Value;
        using var answer = await _http.PostAsync(
            new Uri(path, UriKind.Relative), new FormUrlEncodedContent([new("form", form), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"form\" value=\"(?<form>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex FormToken();

    [GeneratedRegex("class=\"secret\">(?<secret>[^<]+)<", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Secret();

    private sealed class Undrained : INodeControl
    {
        public Task<DrainResult> DrainAsync(string node, CancellationToken cancellationToken) => Task.FromResult(DrainResult.NotReached);
    }

    private sealed class Node(string name) : ILocalNode
    {
        public string Name => name;

        public string Version => "0.1.0";

        public string Problem => "";

        public bool IsDraining => false;

        public IReadOnlyList<ProblemCount> Problems() => [];

        public IReadOnlyList<AgencyActivity> Agencies() => [];

        public IReadOnlyList<HotTag> Identifiers() => [];

        public IReadOnlyList<RecentOverlap> Overlaps() => [];
    }
}
