using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Cli.Tests.Commands;

public sealed class AlertsWatchTests : GridTest
{
    [Fact]
    public async Task Watch_NoWait_ShowsWhatIsThereAndStopsAtTheHead()
    {
        Grid.State.Feed = _ => [Samples.Heartbeat(2), Samples.Alert(1), Samples.Alert(2), Samples.Heartbeat(2)];

        var outcome = await Program.RunAsync("alerts", "watch", "--from", "1", "--no-wait", "--json");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        Assert.Equal([1, 2], outcome.Json.Select(alert => alert.GetProperty("position").GetInt32()));
        var first = outcome.Json[0];
        Assert.Equal("OVERLAP_FOUND", first.GetProperty("alert_kind").GetString());
        Assert.Equal("bka", first.GetProperty("overlap").GetProperty("other_agency").GetString());
        Assert.Empty(Grid.State.Requests.OfType<AcknowledgeAlertsRequest>());
    }

    [Fact]
    public async Task Watch_WithoutPosition_GoesOnAfterTheLastAcknowledged()
    {
        Grid.State.Feed = _ => [Samples.Heartbeat(5, acknowledged: 5)];

        var outcome = await Program.RunAsync("alerts", "watch", "--no-wait");

        Assert.Equal((ExitStatus.Done, ""), (outcome.Exit, outcome.Output));
        var asked = Grid.State.Only<StreamAlertsRequest>();
        Assert.Equal((0L, true), (asked.AfterPosition, asked.FromAcknowledged));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 0)]
    [InlineData("8", 7)]
    public async Task Watch_From_NamesTheFirstPositionToShow(string from, long after)
    {
        Grid.State.Feed = _ => [Samples.Heartbeat(after)];

        await Program.RunAsync("alerts", "watch", "--from", from, "--no-wait");

        var asked = Grid.State.Only<StreamAlertsRequest>();
        Assert.Equal((after, false), (asked.AfterPosition, asked.FromAcknowledged));
    }

    [Fact]
    public async Task Watch_Ack_AcknowledgesWhatWasShown()
    {
        Grid.State.Feed = _ => [Samples.Alert(1), Samples.Alert(2), Samples.Alert(3), Samples.Heartbeat(3)];

        var outcome = await Program.RunAsync("alerts", "watch", "--from", "1", "--ack", "--no-wait");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        var acknowledged = Grid.State.Only<AcknowledgeAlertsRequest>();
        Assert.Equal((3L, "officer"), (acknowledged.UpToPosition, acknowledged.RequestedBy));
        Assert.Contains("3  2026-03-01T12:00:00Z  OVERLAP_FOUND ip 198.18.0.1 (claim cl-1, case OP-1): bka, contact +49 611 55-0, case BK-7; overlap ov-1", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_BrokenStream_GoesOnAfterTheLastShownAndShowsNoneTwice()
    {
        var calls = 0;
        Grid.State.Feed = request => ++calls == 1 ? Broken() : [Samples.Alert(request.AfterPosition + 1), Samples.Heartbeat(3)];

        var outcome = await Program.RunAsync("alerts", "watch", "--from", "1", "--no-wait", "--json");

        Assert.Equal([1, 2, 3], outcome.Json.Select(alert => alert.GetProperty("position").GetInt32()));
        Assert.Equal([0, 2], Grid.State.Requests.OfType<StreamAlertsRequest>().Select(request => request.AfterPosition));

        static IEnumerable<StreamAlertsResponse> Broken()
        {
            yield return Samples.Alert(1);
            yield return Samples.Alert(2);
            throw RichError.Unavailable("Stopping.").ToException();
        }
    }

    [Fact]
    public async Task Watch_EndedStream_IsOpenedAgain()
    {
        var calls = 0;
        Grid.State.Feed = _ => ++calls == 1 ? [Samples.Alert(1)] : [Samples.Alert(2), Samples.Heartbeat(2)];

        var outcome = await Program.RunAsync("alerts", "watch", "--from", "1", "--no-wait", "--json");

        Assert.Equal([1, 2], outcome.Json.Select(alert => alert.GetProperty("position").GetInt32()));
    }

    [Fact]
    public async Task Watch_PositionNoLongerKept_IsToldNotRetried()
    {
        Grid.State.Refusals.Enqueue(RichError.OutOfRange("The oldest kept is 40.").WithInfo("POSITION_PURGED", metadata: [new("oldest_position", "40")]).ToException());

        var outcome = await Program.RunAsync("alerts", "watch", "--from", "1", "--json");

        Assert.Equal(ExitStatus.SomeRejected, outcome.Exit);
        Assert.Equal("POSITION_PURGED", Assert.Single(outcome.JsonErrors).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Watch_NoWaitFromBeyondTheHead_SaysWhatTheServerSays()
    {
        Grid.State.Feed = _ => Refused();

        var outcome = await Program.RunAsync("alerts", "watch", "--from", "9", "--no-wait", "--json");

        Assert.Equal(ExitStatus.SomeRejected, outcome.Exit);
        Assert.Equal("BEYOND", Assert.Single(outcome.JsonErrors).GetProperty("reason").GetString());

        static IEnumerable<StreamAlertsResponse> Refused()
        {
            yield return Samples.Heartbeat(1);
            throw RichError.OutOfRange("Position 8 is beyond the head 1.").WithInfo("BEYOND").ToException();
        }
    }

    [Fact]
    public async Task Watch_ServerGoneForGood_ExitsWith3()
    {
        using var program = new Deconflict("https://localhost:1", Grid.Authority.IdentityPem("met", withAuthority: true));

        Assert.Equal(ExitStatus.Unreachable, (await program.RunAsync("alerts", "watch", "--retry-for", "0")).Exit);
    }
}
