using System.Diagnostics;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Histories;
using Deconfliction.Contract.Setup;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Microsoft.Playwright;
using Npgsql;

namespace Deconfliction.Cluster.Tests.Panel;

/// <summary>Three silos on which agencies have met, a collector that they push to, and a browser that is signed in at each of them.</summary>
public sealed class WatchedCluster : IAsyncLifetime
{
    /// <summary>What no page may tell: the value, the case and the contact of each claim that met another.</summary>
    public const string Case = "SECRET-CASE-77";

    private const int Met = 12;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // An operation that is under way when the work is to end is repeated until it is answered, two minutes at most.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);
    private readonly OtlpCollector _collector = new();
    private readonly List<string> _numbers = [];
    private IPlaywright? _playwright;
    private Follower? _follower;
    private readonly CancellationTokenSource _end = new();
    private Task _work = Task.CompletedTask;

    /// <summary>The silos.</summary>
    public ClusterUnderTest Cluster { get; private set; } = null!;

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The agencies: what no row may show side by side.</summary>
    public IReadOnlyList<Member> Agencies { get; private set; } = [];

    /// <summary>What the silos pushed.</summary>
    internal OtlpCollector Collector => _collector;

    /// <summary>Where a silo's pages are.</summary>
    public static Uri Address(SiloProcess silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        return new Uri($"http://127.0.0.1:{silo.OpsPort}/");
    }

    /// <summary>A page of a silo, in a browser that is signed in there.</summary>
    public async Task<IPage> OpenAsync(SiloProcess silo, ColorScheme theme = ColorScheme.Light)
    {
        var context = await Browser.NewContextAsync(new()
        {
            Locale = "en-GB", ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce, ViewportSize = new() { Width = 1440, Height = 900 },
        });
        context.SetDefaultTimeout((float)s_limit.TotalMilliseconds);
        var page = await context.NewPageAsync();
        await page.GotoAsync(await LinkOfAsync(silo));
        return page;
    }

    /// <summary>All that must be in no page: values, cases, contacts, the numbers of claims and overlaps, and every tag, from its first bytes on.</summary>
    public async Task<IReadOnlyList<string>> SecretsAsync()
    {
        var secrets = new List<string>(_numbers) { Case, "desk 4711-77", "@example.org" };
        await using var source = NpgsqlDataSource.Create(Cluster.Connection + ";Pooling=false");
        await using var command = source.CreateCommand(
            "SELECT substr(encode(tag, 'hex'), 1, 8) FROM identifier UNION SELECT substr(encode(tag, 'base64'), 1, 8) FROM identifier UNION SELECT id::text FROM overlap");
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            secrets.Add(rows.GetString(0));
        }

        return secrets;
    }

    /// <summary>Agencies work for so long, and go on to; once.</summary>
    public async Task LoadAsync(TimeSpan time)
    {
        if (time > TimeSpan.Zero && _work.IsCompleted)
        {
            var load = new Workload(Cluster, Agencies, seed: 7, identifiers: 80, workersEach: 4, longestPause: TimeSpan.FromMilliseconds(400));
            _work = Task.WhenAll(load.RunAsync(_end.Token), EverydayWork.RunAsync(Agencies, Cluster.Silos, seed: 8, _end.Token));
            var since = Stopwatch.GetTimestamp();
            await Waiting.UntilAsync("the time of the load is over", time + s_limit, async () =>
            {
                if (_work.IsCompleted)
                {
                    await _work;
                    throw new InvalidOperationException("The load ended by itself.");
                }

                return Stopwatch.GetElapsedTime(since) >= time;
            });
        }
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync(), _collector.VariablesOf);
        var agencies = new List<Member>();
        foreach (var name in (string[])["northshire", "westmark", "eastport"])
        {
            agencies.Add(await Cluster.AddMemberAsync(name));
        }

        Agencies = agencies;
        _follower = await Follower.StartAsync(Cluster, agencies[0], Cluster.Silos[1].Url);
        await MeetAsync();
        await Waiting.UntilAsync("the alerts are there", Awaited.AlertLimit, () => _follower.Alerts.Count >= Met);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await Waiting.WithinAsync("the work has ended", s_patience, _work);
        _end.Dispose();
        await Waiting.WithinAsync("the browser is closed", s_limit, Browser.CloseAsync());
        _playwright?.Dispose();
        if (_follower is not null)
        {
            await _follower.DisposeAsync();
        }

        await Cluster.DisposeAsync();
        await _collector.DisposeAsync();
    }

    // Each identifier is claimed by one agency at one silo, and claimed and checked by the next at the next: they live on all three.
    private async Task MeetAsync()
    {
        for (var number = 0; number < Met; number++)
        {
            var value = $"met-{number}@example.org";
            foreach (var step in (int[])[0, 1])
            {
                var request = Requests.Claim(value, Case);
                request.Claim.Contact = "desk 4711-77";
                var made = await Agencies[step].At(Cluster.Silos[(number + step) % 3]).Claims.CreateAsync(request, CancellationToken.None);
                _numbers.Add(made.Claim.Claim_);
            }

            // Often enough at one silo for the list of what is asked for most.
            for (var time = 0; time < 5; time++)
            {
                await Agencies[2].At(Cluster.Silos[(number + 2) % 3]).Checks.CheckAsync(Requests.Check(value, Case), CancellationToken.None);
            }
        }
    }

    // A link signs in once; the one that the start printed is for the first page, and tokens that an operator makes are for the others.
    private async Task<string> LinkOfAsync(SiloProcess silo)
    {
        await Waiting.UntilAsync("the link is printed", s_limit, () => silo.Log.Contains("/sign-in?token=", StringComparison.Ordinal));
        var token = await TokenAsync(silo);
        return new Uri(Address(silo), $"sign-in?token={token}").ToString();
    }

    private string? _token;

    private async Task<string> TokenAsync(SiloProcess silo)
    {
        if (_token is not null)
        {
            return _token;
        }

        var link = silo.Log.Split('\n').Last(line => line.Contains("/sign-in?token=", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        var context = await Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(link);
        await page.GotoAsync(new Uri(Address(silo), "access").ToString());
        await page.FillAsync("#name", "watcher");
        await page.CheckAsync("input[value=Operator]");
        await page.ClickAsync("button.primary");
        _token = await page.Locator(".secret").InnerTextAsync();
        await Waiting.WithinAsync("the page is closed", s_limit, context.CloseAsync());
        return _token;
    }
}
