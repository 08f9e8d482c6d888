using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Tests.Identity;
using Deconfliction.Silo.Tests.Setup;
using Deconfliction.Silo.Tests.Sql;
using Deconfliction.Testing.Processes;
using RequestContext = Deconfliction.Grid.RequestContext;

namespace Deconfliction.Silo.Tests.Hosting;

/// <summary>What a silo's grid does of itself beside what every edition's does.</summary>
public sealed class ClusterGridTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly ClusterFolder _cluster = new();
    private readonly OrleansDatabase _database = new();
    private SiloUnderTest _silo = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster.Init("--silo-name", "one");
        _silo = await SiloUnderTest.StartAsync(_cluster, _database.ConnectionString, NodeProcess.FreePort());
    }

    [Fact]
    public async Task Purge_ByASilosUpkeep_TakesItsOldSnapshots()
    {
        await _database.ExecuteAsync(
            "INSERT INTO OrleansStorage (key_text, key_n1, key_n0, grain_type, service_id, version, payload, modified_at) "
            + $"SELECT '+' || days, 0, 0, 'snapshot-0', '{OrleansHost.ServiceId}', 1, '', now() - days * interval '1 day' FROM unnest(ARRAY[1, 100]) days");

        await _silo.Grid.Upkeep.PurgeAsync(CancellationToken.None);

        Assert.Equal(["+1"], await _database.ColumnAsync<string>("SELECT key_text FROM OrleansStorage WHERE grain_type = 'snapshot-0'"));
    }

    [Fact]
    public async Task Reminders_WhateverIsClaimed_AreOneForEachPartOfTheSweeps()
    {
        var parts = Enumerable.Range(0, SweepParts.Count).Select(static part => SweepGrain.Part(part).ToString()).Order(StringComparer.Ordinal).ToList();
        await Waiting.UntilAsync("each part has its reminder", s_limit, async () => (await RemindedAsync()).Count >= parts.Count);
        Assert.Equal(parts, await RemindedAsync());

        for (var number = 0; number < 20; number++)
        {
            Assert.Empty((await ClaimAsync("alpha", $"value {number}")).Pointers);
            Assert.Single((await ClaimAsync("bravo", $"value {number}")).Pointers);
        }

        Assert.Equal(parts, await RemindedAsync());
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DisposeAsync();
        _cluster.Dispose();
    }

    private Task<List<string>> RemindedAsync() => _database.ColumnAsync<string>("SELECT grain_id FROM OrleansReminder ORDER BY grain_id");

    private Task<Answer> ClaimAsync(string agency, string value)
    {
        var caller = new Caller(AgencyId.Parse(agency), AgencyRole.LawEnforcement, "01ab");
        var draft = new Claim
        {
            Id = _silo.Grid.Ids.Next(DateTimeOffset.UtcNow),
            Agency = caller.Agency,
            Role = caller.Role,
            Case = "case-1",
            Sealed = new byte[] { 1 },
        };
        return _silo.Grid.Grid.MakeClaimAsync(
            Keys.Key(value), new Command.MakeClaim(draft, Lifetime: null, Hazard: null),
            new RequestContext(caller, "officer-1", Guid.NewGuid(), new byte[32]), CancellationToken.None);
    }
}
