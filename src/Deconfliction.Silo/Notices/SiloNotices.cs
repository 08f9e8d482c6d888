using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Domain.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Panels;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Notices;

/// <summary>This silo's end of what other silos tell it.</summary>
internal sealed class SiloNotices(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory logging, SiloParts parts, SiloReporter reporter, LocalPanel panel)
    : GrainService(id, silo, logging), ISiloNotices
{
    public async Task AgenciesChangedAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(StoppedCancellationTokenSource.Token, cancellationToken);
        await parts.Agencies.CatchUpAsync(either.Token);
    }

    public Task IsThereAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<KnownBudgetMessage?> KnownBudgetAsync(string agency, BudgetKind kind, CancellationToken cancellationToken) =>
        Task.FromResult<KnownBudgetMessage?>(
            parts.Budgets.Known(AgencyId.Parse(agency), kind) is { } known ? new KnownBudgetMessage(known.Left, known.Age) : null);

    public Task<SiloReport> ReportAsync(CancellationToken cancellationToken) => Task.FromResult(reporter.Report());

    public Task<PanelReport> PanelAsync(long fineAfter, long coarseAfter, bool withAgencies, CancellationToken cancellationToken) =>
        Task.FromResult(panel.Report(new SampleMark(fineAfter, coarseAfter), withAgencies));

    public Task<bool> DrainAsync(CancellationToken cancellationToken) => panel.DrainAsync(cancellationToken);
}
