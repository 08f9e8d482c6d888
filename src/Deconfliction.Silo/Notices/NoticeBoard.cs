using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Domain.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Panels;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Deconfliction.Silo.Notices;

/// <summary>Tells the other silos. What does not come through is found with the next refresh of the silo that missed it.</summary>
internal sealed class NoticeBoard(
    IServiceProvider services, IClusterMembershipService membership, ILocalSiloDetails here, ILogger<NoticeBoard> log)
    : GrainServiceClient<ISiloNotices>(services)
{
    private const int Attempts = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Says that an agency was added, renewed or revoked. Never waits, never throws.</summary>
    public void AgenciesChanged()
    {
        foreach (var silo in Others())
        {
            _ = Task.Run(() => TellAsync(silo));
        }
    }

    /// <summary>Asks a silo what it is doing; nothing where it does not say in time.</summary>
    public async Task<SiloReport?> ReportOfAsync(SiloAddress silo, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await GetGrainService(silo).ReportAsync(cancellationToken).WaitAsync(patience, cancellationToken);
        }
        catch (Exception problem) when (problem is OrleansException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Asks every other silo at once what it is doing.</summary>
    public Task<SiloReport?[]> ReportsOfOthersAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        Task.WhenAll(Others().Select(silo => ReportOfAsync(silo, patience, cancellationToken)));

    /// <summary>Whether a silo answers in time. Never throws.</summary>
    public async Task<bool> IsThereAsync(SiloAddress silo, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await GetGrainService(silo).IsThereAsync(cancellationToken).WaitAsync(patience, cancellationToken);
            return true;
        }
        catch (Exception problem) when (problem is OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Asks a silo what it was last told of a budget; whether it answered in time, and what.</summary>
    public async Task<(bool HasAnswered, KnownBudgetMessage? Known)> KnownBudgetOfAsync(
        SiloAddress silo, AgencyId agency, BudgetKind kind, TimeSpan patience)
    {
        try
        {
            // All who want a portion wait for the one answer: none of them gives it up for the others.
            return (true, await GetGrainService(silo).KnownBudgetAsync(agency.Value, kind, CancellationToken.None).WaitAsync(patience));
        }
        catch (Exception problem) when (problem is OrleansException or TimeoutException)
        {
            return (false, null);
        }
    }

    /// <summary>Asks a silo what its operations pages would show of it.</summary>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public Task<PanelReport> PanelOfAsync(SiloAddress silo, SampleMark after, bool withAgencies, TimeSpan patience) =>
        // What it says is kept for all who look: none of them gives it up for the others.
        GetGrainService(silo).PanelAsync(after.Fine, after.Coarse, withAgencies, CancellationToken.None).WaitAsync(patience);

    /// <summary>Tells a silo to finish and stop; whether it said that it does.</summary>
    public async Task<bool> DrainAsync(SiloAddress silo, TimeSpan patience)
    {
        try
        {
            // An order stands, whether or not who gave it waits to see it carried out.
            return await GetGrainService(silo).DrainAsync(CancellationToken.None).WaitAsync(patience);
        }
        catch (Exception problem)
        {
            // Whatever it was, it did not say that it does: it is out of reach, or of a version that knows no such message.
            SiloLog.DrainUnanswered(log, silo.ToString(), problem);
            return false;
        }
    }

    /// <summary>The other silos that are active.</summary>
    public IEnumerable<SiloAddress> Others() => membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(here.SiloAddress))
        .Select(static member => member.SiloAddress);

    private async Task TellAsync(SiloAddress silo)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // It is news for the other silo, whatever becomes of the call that made it.
                await GetGrainService(silo).AgenciesChangedAsync(CancellationToken.None).WaitAsync(s_patience);
                return;
            }
            catch (Exception problem) when (attempt < Attempts)
            {
                SiloLog.NoticeRepeated(log, silo.ToString(), attempt, problem);
            }
            catch (Exception problem)
            {
                // Whatever it was: the silo reads the agencies again by itself, and is shut out where it is gone.
                SiloLog.NoticeLost(log, silo.ToString(), problem);
                return;
            }
        }
    }
}
