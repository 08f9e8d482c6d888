using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Silo.Panels;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;

namespace Deconfliction.Silo.Tests.Panels;

/// <summary>
/// What other versions write, in the bytes that they write, read by this version's codec and shown as the pages show it. Two versions of one
/// type cannot be in one process, so the others' are types of their own with the same numbers: the name of a type that is expected is not written.
/// </summary>
public sealed class OtherVersionTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly ServiceProvider _theirs = new ServiceCollection()
        .AddSerializer(static serializer => serializer.AddAssembly(typeof(PanelReport).Assembly).AddAssembly(typeof(LaterReport).Assembly)).BuildServiceProvider();

    // This version knows none of the others' types.
    private readonly ServiceProvider _ours = new ServiceCollection()
        .AddSerializer(static serializer => serializer.AddAssembly(typeof(PanelReport).Assembly).Configure(static manifest =>
            manifest.WellKnownTypeAliases.Where(static alias => alias.Key.StartsWith("tests.", StringComparison.Ordinal)).ToList()
                .ForEach(alias => manifest.WellKnownTypeAliases.Remove(alias.Key)))).BuildServiceProvider();

    [Fact]
    public async Task Report_OfALaterVersionInTheSameFormat_IsShownWithoutWhatIsNew()
    {
        var line = await ReadAsync(new LaterReport
        {
            Version = "9.1.0", Format = PanelWire.Format, IsDraining = true, Activations = [new() { Series = "identifier", Value = 7 }],
            Disks = [new() { Series = "disk", Value = 1 }, new() { Series = "disk", Value = 2 }], Zones = new() { ["north"] = new() { Series = "zone" } }, Rack = "R7",
        });
        Assert.Equal((NodeState.Draining, ""), line.Said());
        var view = line.Fill(Empty());
        Assert.Equal("9.1.0", view.Version);
        Assert.Equal([new ActivationCount("identifier", 7)], view.Activations);
    }

    [Fact]
    public async Task Report_OfALaterVersionInAnotherFormat_IsOfAnotherVersion()
    {
        var line = await ReadAsync(new LaterReport { Version = "9.1.0", Format = PanelWire.Format + 1, Activations = [new() { Series = "identifier", Value = 7 }], Rack = "R7" });
        Assert.Equal((NodeState.OtherVersion, ""), line.Said());
        var view = line.Fill(Empty());
        Assert.Equal(("9.1.0", 0), (view.Version, view.Activations.Count));
    }

    [Fact]
    public async Task Report_FromBeforeThereWereFormats_IsOfAnotherVersion()
    {
        var line = await ReadAsync(new OlderReport { Version = "0.0.3", StartedAt = DateTimeOffset.UnixEpoch });
        Assert.Equal((NodeState.OtherVersion, ""), line.Said());
        Assert.Equal("0.0.3", line.Fill(Empty()).Version);
    }

    [Fact]
    public async Task Report_ThatCannotBeRead_IsOfTheVersionThatItsSiloSaysOtherwise()
    {
        var line = await ReadAsync(new ChangedReport { Version = "9.2.0", Format = PanelWire.Format, Activations = new() { Series = "identifier" } });
        Assert.Equal((NodeState.OtherVersion, ""), line.Said());
        Assert.Equal("otherwise", line.Fill(Empty()).Version);
        Assert.False(line.IsSilent);
    }

    public void Dispose()
    {
        _theirs.Dispose();
        _ours.Dispose();
    }

    private static NodeView Empty() => new()
    {
        Name = "silo-2", State = NodeState.Active, Version = "", StartedAt = DateTimeOffset.UnixEpoch, LastHeartbeat = DateTimeOffset.UnixEpoch,
    };

    private async Task<SiloLine> ReadAsync<T>(T other)
    {
        var bytes = _theirs.GetRequiredService<Serializer<T>>().SerializeToArray(other);
        var line = new SiloLine("silo-2", new Wire(() => _ours.GetRequiredService<Serializer<PanelReport>>().Deserialize(bytes)!), new FakeTimeProvider(), NullLogger.Instance);
        await Waiting.WithinAsync("it is asked", s_limit, line.AskAsync());
        return line;
    }

    private sealed class Wire(Func<PanelReport> read) : IPanelSource
    {
        public Task<PanelReport> ReportAsync(SampleMark after, bool withAgencies) => Task.FromResult(read());

        public Task<string> VersionAsync() => Task.FromResult("otherwise");
    }
}
