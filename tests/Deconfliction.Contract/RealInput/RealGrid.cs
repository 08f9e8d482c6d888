using System.Text.Json;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.RealInput;

/// <summary>A grid with the four organisations as its agencies, each at the next of its nodes.</summary>
public sealed class RealGrid : IAsyncDisposable
{
    private static readonly string[] Agencies = ["amnesty", "avast", "eset", "sophos"];
    private readonly GridUnderTest _grid;
    private readonly Dictionary<string, CommandLine> _agencies;
    private readonly Dictionary<string, Task<Import>> _imports = [];

    private RealGrid(GridUnderTest grid, Dictionary<string, CommandLine> agencies)
    {
        _grid = grid;
        _agencies = agencies;
    }

    /// <summary>Starts it and adds the agencies.</summary>
    public static async Task<RealGrid> StartAsync<TEdition>()
        where TEdition : IEdition
    {
        var grid = await TEdition.StartAsync();
        var agencies = new Dictionary<string, CommandLine>();
        foreach (var agency in Agencies)
        {
            agencies.Add(agency, await grid.AddAgencyAsync(agency, "LAW_ENFORCEMENT"));
        }

        return new RealGrid(grid, agencies);
    }

    /// <summary>Each agency imports its own file, all at once.</summary>
    public async Task<IReadOnlyList<Import>> ImportAllAsync()
    {
        foreach (var agency in _agencies.Keys)
        {
            _imports[agency] = ImportAsync(agency);
        }

        return await Task.WhenAll(_imports.Values);
    }

    /// <summary>
    /// Once the store holds so many claims: kill -9 of the node of the first of some agencies whose import is not over, and starts it again. That
    /// import has to wait for it, however long the start takes and however far the others come meanwhile.
    /// </summary>
    public async Task KillAndRestartAtAsync(long claims, params string[] agencies)
    {
        await Waiting.UntilAsync($"{claims} claims are stored", TimeSpan.FromMinutes(2), async () =>
            _imports.Values.All(static import => import.IsCompleted)
                ? throw new InvalidOperationException($"The imports ended before there were {claims} claims to kill at.")
                : await CountClaimsAsync() >= claims);
        var meant = agencies.First(agency => !_imports[agency].IsCompleted);
        var node = _grid.Nodes.Single(node => node.Url == _agencies[meant].Url);
        await node.KillAsync();
        await node.StartAsync();
    }

    /// <summary>Rows in the store's table of claims.</summary>
    public Task<long> CountClaimsAsync() => _grid.CountAsync("claim");

    /// <summary>The lists of all four are what is known, and so is each feed.</summary>
    public async Task AssertHoldsWhatIsKnownAsync()
    {
        var known = File.ReadLines(Path.Combine(Repository.RealInput!, "overlaps.tsv")).Skip(1).Select(line => line.Split('\t'))
            .Where(cells => cells[1] != "0.0.0.0")
            .Select(cells => (Kind: cells[0], Identifier: cells[1], Pair: cells[2])).ToHashSet();
        Assert.Equal(80, known.Count);

        foreach (var (name, agency) in _agencies)
        {
            var listed = (await agency.JsonAsync("overlaps", "list")).Expect(0).Json;
            var expected = known.Where(overlap => overlap.Pair.Split(',').Contains(name)).ToHashSet();
            var found = listed.Select(row => (
                Kind: row.GetProperty("kind").GetString()!,
                Identifier: row.GetProperty("identifier").GetString()!,
                Pair: string.Join(',', new[] { name, row.GetProperty("other_agency").GetString()! }.Order(StringComparer.Ordinal))));
            Assert.Equal(expected.Count, listed.Count);
            Assert.Equal(expected, [.. found]);
            Assert.All(listed, row => Assert.Equal("REAL-1", row.GetProperty("other_case").GetString()));
            await AssertOneAlertEachAsync(name, agency, [.. listed.Select(row => row.GetProperty("overlap").GetString()!)]);
        }

        foreach (var name in (string[])["eset", "sophos"])
        {
            var told = (await _agencies[name].JsonAsync("claim", "ip", "0.0.0.0", "--case", "REAL-1")).Expect(0).Json[0];
            Assert.Equal("SPECIAL_PURPOSE_ADDRESS", told.GetProperty("hazard").GetProperty("reason").GetString());
        }
    }

    // The feed begins with one alert an overlap. A claim of another agency's that is checked gives the mark after them: its position
    // proves that nothing else lies between.
    private async Task<Import> ImportAsync(string agency) =>
        Import.Of(agency, await _agencies[agency].JsonAsync("import", Path.Combine(Repository.RealInput!, agency + ".tsv"), "--case", "REAL-1"));

    private async Task AssertOneAlertEachAsync(string name, CommandLine agency, HashSet<string> overlaps)
    {
        var marked = $"mark-{Guid.NewGuid():N}@example.org";
        var checker = _agencies.First(other => other.Key != name).Value;
        (await agency.JsonAsync("claim", "email", marked, "--case", "MARK")).Expect(0);
        (await checker.JsonAsync("check", "email", marked, "--case", "MARK", "--purpose", "mark the end of the feed")).Expect(0);

        var alerts = new List<JsonElement>();
        using (var watch = agency.Start("--json", "alerts", "watch", "--from", "0"))
        {
            while (alerts.Count(alert => Kind(alert) == "CLAIM_CHECKED" && alert.GetProperty("identifier").GetString() == marked) == 0)
            {
                var line = await watch.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
                    ?? throw new InvalidOperationException($"The feed of {name} ended.\n{await watch.StandardError.ReadToEndAsync()}");
                alerts.Add(JsonDocument.Parse(line).RootElement);
            }

            watch.Kill();
        }

        Assert.Equal(Enumerable.Range(1, alerts.Count), alerts.Select(alert => alert.GetProperty("position").GetInt32()));
        var found = alerts.Where(alert => Kind(alert) == "OVERLAP_FOUND").Select(alert => alert.GetProperty("overlap").GetProperty("overlap").GetString()!).ToList();
        Assert.Equal(overlaps.Count, found.Count);
        Assert.Equal(overlaps, [.. found]);
        (await agency.JsonAsync("claims", "release", await OwnClaimAsync(agency, marked))).Expect(0);

        static string Kind(JsonElement alert) => alert.GetProperty("alert_kind").GetString()!;
    }

    private static async Task<string> OwnClaimAsync(CommandLine agency, string identifier) =>
        (await agency.JsonAsync("claims", "list", "--case", "MARK")).Expect(0).Json
            .First(claim => claim.GetProperty("identifier").GetString() == identifier).GetProperty("claim").GetString()!;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _grid.DisposeAsync();
}
