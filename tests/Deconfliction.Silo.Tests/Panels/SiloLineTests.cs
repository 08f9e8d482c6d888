using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Silo.Panels;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Deconfliction.Silo.Tests.Panels;

/// <summary>A silo that says nothing is silent; one that says what cannot be read is of another version, and no more than that is known of it.</summary>
public sealed class SiloLineTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly Source _source = new();
    private readonly SiloLine _line;

    public SiloLineTests() => _line = new SiloLine("silo-2", _source, _time, NullLogger.Instance);

    public static TheoryData<Exception> Unreadable { get; } = [new SerializerException("no such message"), new FormatException("buckets"), new NotSupportedException()];

    [Fact]
    public async Task Report_OfTheSameFormat_IsShownWhateverTheProgramsVersion()
    {
        _source.Report = () => Report(PanelWire.Format, "0.9.7");
        await AskAsync();

        Assert.Equal((NodeState.Active, ""), _line.Said());
        var view = _line.Fill(Empty());
        Assert.Equal(("0.9.7", 1), (view.Version, view.Fine.Count));
    }

    [Fact]
    public async Task JoinedAt_IsItsOwnWordAndStaysWhenItAnswersNoMore()
    {
        Assert.Null(_line.JoinedAt);
        _source.Report = static () => Report(PanelWire.Format, "0.9.7", joinedAt: DateTimeOffset.UnixEpoch);
        await AskAsync();
        Assert.Equal(DateTimeOffset.UnixEpoch, _line.JoinedAt);

        _time.Advance(s_interval);
        _source.Report = static () => throw new TimeoutException();
        await RepeatAsync(4);
        Assert.True(_line.IsSilent);
        Assert.Equal(DateTimeOffset.UnixEpoch, _line.JoinedAt);
    }

    [Fact]
    public async Task Report_OfAnotherFormat_IsOfAnotherVersionAndNothingOfItIsShown()
    {
        _source.Report = () => Report(PanelWire.Format + 1, "0.9.7");
        await AskAsync();

        Assert.Equal((NodeState.OtherVersion, ""), _line.Said());
        Assert.False(_line.IsSilent);
        var view = _line.Fill(Empty());
        Assert.Equal(("0.9.7", 0, 0), (view.Version, view.Fine.Count, view.Activations.Count));
        Assert.Equal(_time.GetUtcNow(), _line.HeardAt);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Answer_ThatCannotBeRead_IsOfTheVersionThatItTellsOtherwise(Exception problem)
    {
        _source.Report = () => throw problem;
        _source.Version = () => "0.0.9";
        await RepeatAsync(6);

        Assert.False(_line.IsSilent);
        Assert.Equal((NodeState.OtherVersion, ""), _line.Said());
        Assert.Equal("0.0.9", _line.Fill(Empty()).Version);
    }

    [Fact]
    public async Task Silo_ThatIsUpdated_IsShownAgain()
    {
        _source.Report = () => throw new SerializerException("no such message");
        await AskAsync();
        Assert.Equal(NodeState.OtherVersion, _line.Said()!.Value.State);

        _source.Report = () => Report(PanelWire.Format, "1.0.0");
        _time.Advance(s_interval);
        await AskAsync();
        Assert.Equal((NodeState.Active, ""), _line.Said());
        Assert.Equal("1.0.0", _line.Fill(Empty()).Version);
    }

    [Fact]
    public async Task Silo_ThatAnswersNothing_IsSilentAfterTwoQuestionsAndFiveSeconds()
    {
        _source.Report = () => throw new TimeoutException();
        await RepeatAsync(1);
        Assert.False(_line.IsSilent);
        await RepeatAsync(3);
        Assert.True(_line.IsSilent);

        // Nor is it of another version because it does not tell that either.
        _source.Report = () => throw new SerializerException("no such message");
        _source.Version = () => throw new TimeoutException();
        await RepeatAsync(2);
        Assert.True(_line.IsSilent);
        Assert.Null(_line.Said());
    }

    [Fact]
    public async Task Silo_ThatOrleansCannotReach_IsSilentToo()
    {
        _source.Report = () => throw new SiloUnavailableException();
        await RepeatAsync(4);
        Assert.True(_line.IsSilent);
    }

    private static NodeView Empty() => new()
    {
        Name = "silo-2", State = NodeState.Active, Version = "", StartedAt = DateTimeOffset.UnixEpoch, LastHeartbeat = DateTimeOffset.UnixEpoch,
    };

    private static PanelReport Report(int format, string version, DateTimeOffset? joinedAt = null) => new()
    {
        Format = format,
        JoinedAt = joinedAt,
        Version = version,
        Activations = [new PanelFigure { Series = "identifier", Value = 3 }],
        Fine = [new PanelSample { At = DateTimeOffset.UnixEpoch, Length = TimeSpan.FromSeconds(5) }],
        FineUntil = 1,
    };

    private async Task RepeatAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await AskAsync();
            _time.Advance(s_interval);
        }
    }

    // Where it has failed before nobody waits for it, so what it was asked is waited for.
    private async Task AskAsync()
    {
        var before = _source.Answered;
        await _line.AskAsync();
        await Waiting.UntilAsync("the question is answered", s_limit, () => Task.FromResult(_source.Answered > before));
        await Waiting.UntilAsync("nothing is under way", s_limit, () => Task.FromResult(_line.IsIdle));
    }

    private sealed class Source : IPanelSource
    {
        public Func<PanelReport> Report { get; set; } = static () => new PanelReport();

        public Func<string> Version { get; set; } = () => "";

        public int Answered { get; private set; }

        public Task<PanelReport> ReportAsync(SampleMark after, bool withAgencies)
        {
            Answered++;
            return Task.FromResult(Report());
        }

        public Task<string> VersionAsync() => Task.FromResult(Version());
    }
}
