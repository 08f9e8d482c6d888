using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Histories;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Histories;

/// <summary>Compares what the members of a grid remember with what it says in the end.</summary>
public static class Verdict
{
    // Against hanging only: what is waited for here is read anew each time, and reading it takes seconds after a long history.
    private static readonly TimeSpan AlertLimit = TimeSpan.FromMinutes(2);

    /// <summary>Fails with every broken invariant in words, and the seed.</summary>
    public static async Task AssertHoldsAsync(GridUnderTest grid, IReadOnlyList<Member> members, Member auditor, History history, int seed)
    {
        foreach (var member in members)
        {
            var (alerts, due) = (0, 0);
            var checks = history.Operations.Count(did => did.Did == Did.Check && did.Told.Any(told => told.Agency == member.Agency));
            await Waiting.UntilAsync(() => $"{member.Agency} has an alert of each of its overlaps and of each check that hit it, {due}; it has {alerts}", AlertLimit, async () =>
            {
                var state = await member.ReadFinalStateAsync(member.At(grid.NextRunning(member.Url)));
                (alerts, due) = (state.Alerts.Count(alert => alert.Kind is "OVERLAP_FOUND" or "CLAIM_CHECKED"), state.Overlaps.Count + checks);
                return alerts >= due;
            });
        }

        var problems = await ProblemsAsync(grid, members, auditor, history);
        Assert.True(problems.Count == 0, $"Seed {seed}, {history.Count} operations, {problems.Count} problems:\n{string.Join('\n', problems.Take(30))}");
        var verification = await auditor.At(grid.NextRunning(auditor.Url)).Audit.VerifyAsync(CancellationToken.None);
        Assert.Null(verification.FirstFault);
        Assert.True(verification.EntriesChecked >= history.Count);
    }

    /// <summary>Every broken invariant in words.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(GridUnderTest grid, IReadOnlyList<Member> members, Member auditor, History history)
    {
        var states = await Task.WhenAll(members.Select(member => member.ReadFinalStateAsync(member.At(grid.NextRunning(member.Url)))));
        var audited = new List<(string, Guid)>();
        await foreach (var entry in auditor.At(grid.NextRunning(auditor.Url)).Audit.ListAsync(new ListAuditEntriesRequest(), CancellationToken.None))
        {
            if (Guid.TryParse(entry.RequestId, out var request))
            {
                audited.Add((entry.Agency, request));
            }
        }

        return HistoryChecker.Check(history.Operations, new FinalState(
            [.. states.SelectMany(state => state.Claims)],
            [.. states.SelectMany(state => state.Overlaps)],
            [.. states.SelectMany(state => state.Alerts)],
            audited));
    }
}
