using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Silo.Notices;
using Orleans.Runtime;

namespace Deconfliction.Silo.Panels;

/// <summary>Where a silo's report for the pages comes from.</summary>
internal interface IPanelSource
{
    /// <summary>Asks for it.</summary>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    Task<PanelReport> ReportAsync(SampleMark after, bool withAgencies);

    /// <summary>Asks for the version of its program alone, by a message that all versions have; empty of one that does not tell.</summary>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    Task<string> VersionAsync();
}

/// <summary>From another silo.</summary>
internal sealed class RemotePanel(SiloAddress silo, NoticeBoard board) : IPanelSource
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public Task<PanelReport> ReportAsync(SampleMark after, bool withAgencies) => board.PanelOfAsync(silo, after, withAgencies, s_patience);

    /// <inheritdoc/>
    public async Task<string> VersionAsync() => await board.ReportOfAsync(silo, s_patience, CancellationToken.None) is { } report
        ? report.Version
        : throw new TimeoutException($"{silo} did not say of what version it is.");
}
