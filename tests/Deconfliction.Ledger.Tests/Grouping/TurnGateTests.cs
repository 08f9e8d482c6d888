using Deconfliction.Ledger.Grouping;

namespace Deconfliction.Ledger.Tests.Grouping;

public sealed class TurnGateTests
{
    [Fact]
    public async Task Leave_BothLanesWait_TheInteractiveGoesFirst()
    {
        var gate = new TurnGate(1);
        await gate.EnterAsync(Lane.Bulk, default);
        var bulk = gate.EnterAsync(Lane.Bulk, default).AsTask();
        var interactive = gate.EnterAsync(Lane.Interactive, default).AsTask();

        gate.Leave();

        await interactive.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(bulk.IsCompleted);
        gate.Leave();
        await bulk.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Enter_Cancelled_GivesItsPlaceUp()
    {
        var gate = new TurnGate(1);
        await gate.EnterAsync(Lane.Bulk, default);
        using var cancelled = new CancellationTokenSource();
        var first = gate.EnterAsync(Lane.Interactive, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        gate.Leave();

        Assert.True(gate.EnterAsync(Lane.Bulk, default).IsCompletedSuccessfully);
    }
}
