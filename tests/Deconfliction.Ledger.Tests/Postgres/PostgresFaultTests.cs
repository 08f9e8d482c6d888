using System.Collections.Concurrent;
using System.Diagnostics;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger.Appending;
using Deconfliction.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>F6 and F7 on the ledger: the database stopped in mid-commit, and away for a while.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private const int Stops = 3;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private PostgresServer? _server;
    private ILedger? _ledger;

    private PostgresServer Server => _server!;

    private ILedger Ledger => _ledger!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync(None);
        var store = await PostgresTestStore.CreateAsync(_server);
        _ledger = await store.OpenAsync(TestStore.Options with { ConnectTimeout = TimeSpan.FromSeconds(2) });
    }

    public async Task DisposeAsync()
    {
        await Ledger.DisposeAsync();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task DatabaseStoppedInMidCommit_AcknowledgedIsThere_RefusedIsNot_UnknownIsOnceOrNot()
    {
        var ends = new ConcurrentBag<(Claim Claim, Guid RequestId, Exception? Problem)>();
        for (var stop = 0; stop < Stops; stop++)
        {
            using var stopped = new CancellationTokenSource();
            var before = ends.Count;
            var callers = Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => ClaimUntilAsync(ends, stopped.Token))));
            await UntilAsync(() => Task.FromResult(ends.Count > before + 500));
            await Server.StopAtOnceAsync();
            await stopped.CancelAsync();
            await callers;
            await Server.StartAsync();
            await UntilAsync(IsReachableAsync);
        }

        foreach (var (claim, requestId, problem) in ends)
        {
            var found = await Ledger.FindClaimAsync(claim.Agency, claim.Id, None);
            var request = await Ledger.FindRequestAsync(claim.Agency, requestId, None);
            Assert.Equal(found is null, request is null);
            switch (problem)
            {
                case null:
                    Assert.NotNull(found);
                    break;
                case LedgerUnavailableException:
                    Assert.Null(found);
                    break;
                default:
                    Assert.IsType<OutcomeUnknownException>(problem);
                    break;
            }
        }

        Assert.Contains(ends, end => end.Problem is not null);
        Assert.Null((await Ledger.VerifyAuditAsync(None)).FirstBad);
    }

    [Fact]
    public async Task DatabaseAway_EachCallerIsToldSoon_AndTheLedgerRecoversByItself()
    {
        await ClaimAsync(Guid.NewGuid());
        await Server.StopAtOnceAsync();

        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ClaimAsync(Guid.NewGuid()));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => Ledger.LoadAsync(Facts.NewTag(), Lane.Interactive, None));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => Ledger.FindClaimAsync(Facts.Alpha, Guid.NewGuid(), None));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.False(Ledger.Health.IsReachable);

        await Server.StartAsync();
        await UntilAsync(IsReachableAsync);
        await ClaimAsync(Guid.NewGuid());
        Assert.True(Ledger.Health.IsReachable);
    }

    [Fact]
    public async Task DatabaseRestartedUnseen_TheNextCallersNoticeNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ClaimAsync(Guid.NewGuid())));
        await Server.StopAtOnceAsync();
        await Server.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ClaimAsync(Guid.NewGuid())));
    }

    [Theory]
    [InlineData(nameof(CuttingProxy.Cut.BeforeCommit))]
    [InlineData(nameof(CuttingProxy.Cut.BeforeAnswer))]
    public async Task ConnectionCutAtCommit_TheOutcomeIsUnknown_AndIsFoundUnderTheRequestId(string cut)
    {
        var store = await PostgresTestStore.CreateAsync(Server);
        await using var proxy = new CuttingProxy(Server.Port);
        await using var ledger = await LedgerFactory.OpenPostgresAsync(
            proxy.ConnectionString(store.ConnectionString), TestStore.Options, NullLoggerFactory.Instance, None);
        await ClaimAsync(Guid.NewGuid(), ledger: ledger);
        var requestId = Guid.NewGuid();
        var claim = Facts.Claim(Facts.Alpha, ledger.Now);
        proxy.Arm(Enum.Parse<CuttingProxy.Cut>(cut));

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => ClaimAsync(requestId, claim, ledger));

        if (cut == nameof(CuttingProxy.Cut.BeforeAnswer))
        {
            await UntilAsync(async () => await ledger.FindRequestAsync(Facts.Alpha, requestId, None) is not null);
        }

        Assert.Equal(
            await ledger.FindRequestAsync(Facts.Alpha, requestId, None) is null,
            await ledger.FindClaimAsync(Facts.Alpha, claim.Id, None) is null);
        await ClaimAsync(Guid.NewGuid(), ledger: ledger);
        Assert.Null((await ledger.VerifyAuditAsync(None)).FirstBad);
    }

    private async Task ClaimUntilAsync(ConcurrentBag<(Claim, Guid, Exception?)> ends, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var requestId = Guid.NewGuid();
            var claim = Facts.Claim(Facts.Alpha, Ledger.Now);
            try
            {
                await ClaimAsync(requestId, claim);
                ends.Add((claim, requestId, null));
            }
            catch (Exception problem) when (problem is LedgerUnavailableException or OutcomeUnknownException)
            {
                ends.Add((claim, requestId, problem));
                return;
            }
        }
    }

    private async Task ClaimAsync(Guid requestId, Claim? claim = null, ILedger? ledger = null) =>
        Assert.IsType<AppendOutcome.Committed>(await (ledger ?? Ledger).AppendAsync(
        Facts.Append(
            Facts.NewTag(),
            Guid.CreateVersion7(),
            0,
            Facts.Draft(Facts.Alpha, requestId: requestId),
            new IdentifierEvent.ClaimMade(claim ?? Facts.Claim(Facts.Alpha, Ledger.Now))),
        Lane.Interactive,
        None));

    private async Task<bool> IsReachableAsync()
    {
        try
        {
            await Ledger.LoadAsync(Facts.NewTag(), Lane.Interactive, None);
            return true;
        }
        catch (LedgerUnavailableException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
