using System.Security.Cryptography;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Insight;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard.Invariants;

/// <summary>What one look at the invariants found.</summary>
internal sealed record InvariantReport(DateTimeOffset At, IReadOnlyList<InvariantResult> Results)
{
    /// <summary>Whether all held.</summary>
    public bool Holds => Results.All(result => result.Holds);
}

/// <summary>One invariant: what it is, how much was looked at, and what is wrong; empty where it holds.</summary>
internal sealed record InvariantResult(string Invariant, long Looked, string Finding)
{
    public bool Holds => Finding.Length == 0;
}

/// <summary>Looks every ten minutes at a sample of the ledger, from a place of chance on, whether what must always hold holds.</summary>
internal sealed class InvariantMonitor(ILedgerInsight insight, TimeProvider time, ILogger<InvariantMonitor> log) : BackgroundService
{
    private const int Identifiers = 200;
    private const int MostClaims = 100;
    private const int Claims = 20;
    private const int Entries = 1000;
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private InvariantReport? _last;

    /// <summary>The last look; nothing before the first.</summary>
    public InvariantReport? Last => Volatile.Read(ref _last);

    /// <summary>Looks now.</summary>
    public async Task<InvariantReport> LookAsync(CancellationToken cancellationToken)
    {
        var sample = await SampleAsync(cancellationToken);
        var (pairs, missing) = InvariantJudge.Pairs(sample);
        var (overlaps, phantom) = InvariantJudge.Phantoms(sample);
        var (claims, unrecorded) = await FindUnrecordedAsync(sample, cancellationToken);
        var tail = await insight.VerifyAuditTailAsync(Entries, cancellationToken);
        var chain = tail.FirstBad is { } bad ? $"{bad.Writer}/{bad.Number}: {bad.Problem}" : "";
        var report = new InvariantReport(
            time.GetUtcNow(),
            [
                new InvariantResult("I2", pairs, missing), new InvariantResult("I3", overlaps, phantom), new InvariantResult("I7", claims, unrecorded),
                new InvariantResult("I7.chain", tail.Entries, chain),
            ]);
        Volatile.Write(ref _last, report);
        if (!report.Holds)
        {
            DashboardLog.InvariantBroken(log, string.Join(", ", report.Results.Where(result => !result.Holds).Select(result => result.Invariant)));
        }

        return report;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(s_first, time, stoppingToken);
            using var timer = new PeriodicTimer(s_period, time);
            do
            {
                await TryLookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryLookAsync(CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        try
        {
            await LookAsync(either.Token);
        }
        catch (Exception problem) when (!stoppingToken.IsCancellationRequested
            && problem is LedgerUnavailableException or LedgerOverloadedException or OutcomeUnknownException or OperationCanceledException)
        {
            DashboardLog.InvariantsNotRead(log, problem.GetType().Name);
        }
    }

    // From a place of chance to the end, and on from the beginning where that was too few.
    private async Task<IReadOnlyList<SampledIdentifier>> SampleAsync(CancellationToken cancellationToken)
    {
        var from = new Tag(RandomNumberGenerator.GetBytes(Tag.Length));
        var sample = await insight.SampleAsync(from, Identifiers, MostClaims, cancellationToken);
        if (sample.Count >= Identifiers / 2)
        {
            return sample;
        }

        var first = await insight.SampleAsync(new Tag(new byte[Tag.Length]), Identifiers, MostClaims, cancellationToken);
        return [.. sample.Concat(first).DistinctBy(one => one.Id)];
    }

    private async Task<(long Looked, string Finding)> FindUnrecordedAsync(IReadOnlyList<SampledIdentifier> sample, CancellationToken cancellationToken)
    {
        var looked = 0L;
        foreach (var (tag, claim) in sample.SelectMany(one => one.Live.Select(claim => (one.Tag, claim))).Take(Claims))
        {
            looked++;
            var count = await insight.CountEntriesOfAsync(claim, tag, cancellationToken);
            if (count != 1)
            {
                return (looked, $"{tag}: {count}");
            }
        }

        return (looked, "");
    }
}
