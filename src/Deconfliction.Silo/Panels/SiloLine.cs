using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Silo.Panels;

/// <summary>
/// What another silo said of itself, for this silo's pages. It is asked while somebody looks, every two seconds at most, one question at
/// a time; who looks never waits long for one that is silent. One whose answer cannot be read, while silos are updated one after another,
/// is there all the same. Thread-safe.
/// </summary>
internal sealed class SiloLine(string silo, IPanelSource source, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    // Between the two questions that it must have missed, and the ten seconds in which the page has to say so.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_agencies = TimeSpan.FromMinutes(1);
    private const int MostPieces = 40;
    private const int FailuresOfSilence = 2;

    private readonly Lock _gate = new();
    private readonly NodeHistory _history = new();
    private Task _asking = Task.CompletedTask;
    private long _askedAt;
    private long _answeredAt = time.GetTimestamp();
    private long _agenciesAt;
    private int _failures;
    private DateTimeOffset? _heardAt;
    private PanelReport? _last;
    private string? _otherVersion;
    private IReadOnlyList<AgencyActivity> _agencies = [];

    /// <summary>When it last answered.</summary>
    public DateTimeOffset? HeardAt
    {
        get
        {
            lock (_gate)
            {
                return _heardAt;
            }
        }
    }

    /// <summary>When it joined, by its own word; nothing where it has not said so.</summary>
    public DateTimeOffset? JoinedAt
    {
        get
        {
            lock (_gate)
            {
                return _last?.JoinedAt;
            }
        }
    }

    /// <summary>Whether it has missed several questions.</summary>
    public bool IsSilent
    {
        get
        {
            lock (_gate)
            {
                return _failures >= FailuresOfSilence && time.GetElapsedTime(_answeredAt) > s_silence;
            }
        }
    }

    /// <summary>Whether no question is under way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _asking.IsCompleted;
            }
        }
    }

    /// <summary>Asks it, where the last question is long enough ago. Completes when it has answered or let the time pass; at once where it is not worth waiting.</summary>
    public Task AskAsync()
    {
        lock (_gate)
        {
            if (_asking.IsCompleted && (_askedAt == 0 || time.GetElapsedTime(_askedAt) >= s_interval))
            {
                _askedAt = time.GetTimestamp();
                _asking = Task.Run(AskAllAsync);
            }

            return _failures == 0 ? _asking : Task.CompletedTask;
        }
    }

    /// <summary>A view of it, filled with what it said.</summary>
    public NodeView Fill(NodeView view)
    {
        lock (_gate)
        {
            return _otherVersion is { } version ? view with { Version = version }
                : _last is { } last ? PanelWire.Read(last, view) with { Fine = _history.Fine(), Coarse = _history.Coarse(), Agencies = _agencies }
                : view;
        }
    }

    /// <summary>What it said of its own state.</summary>
    public (NodeState State, string Problem)? Said()
    {
        lock (_gate)
        {
            return _otherVersion is not null ? (NodeState.OtherVersion, "")
                : _last is { } last ? (last.IsDraining ? NodeState.Draining : last.Problem.Length > 0 ? NodeState.NotReady : NodeState.Active, last.Problem)
                : null;
        }
    }

    private async Task AskAllAsync()
    {
        try
        {
            for (var piece = 0; piece < MostPieces && await AskOnceAsync(); piece++)
            {
                // Until it has no more.
            }
        }
        catch (Exception problem) when (problem is OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            Missed(problem);
        }
        catch (Exception problem)
        {
            // Whatever it was, it answered, and this silo cannot read it: as when one of them is of an older version.
            await AskVersionAsync(problem);
        }
    }

    private async Task<bool> AskOnceAsync()
    {
        var mark = _history.Mark;
        var withAgencies = _agenciesAt == 0 || time.GetElapsedTime(_agenciesAt) >= s_agencies;
        var report = await source.ReportAsync(mark, withAgencies);
        if (report.Format != PanelWire.Format)
        {
            Answered(() => _otherVersion = report.Version);
            return false;
        }

        _history.Add(mark, PanelWire.Samples(report));
        Answered(() =>
        {
            (_last, _otherVersion) = (report, null);
            if (withAgencies)
            {
                (_agencies, _agenciesAt) = (PanelWire.Agencies(report), time.GetTimestamp());
            }
        });
        return report.IsMore;
    }

    private async Task AskVersionAsync(Exception problem)
    {
        try
        {
            var version = await source.VersionAsync();
            SiloLog.PanelUnread(log, silo, version, problem);
            Answered(() => _otherVersion = version);
        }
        catch (Exception worse)
        {
            // Not even that: there was no answer, and the page says so if it stays so.
            Missed(worse);
        }
    }

    private void Answered(Action keep)
    {
        lock (_gate)
        {
            (_failures, _answeredAt, _heardAt) = (0, time.GetTimestamp(), time.GetUtcNow());
            keep();
        }
    }

    private void Missed(Exception problem)
    {
        SiloLog.PanelUnanswered(log, silo, problem);
        lock (_gate)
        {
            _failures++;
        }
    }
}
