using Deconfliction.LoadTests.Measuring;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.LoadTests.Tests.Measuring;

public sealed class AlertDelaysTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Alerted_AfterTheAcknowledgement_CountsFromIt()
    {
        var delays = new AlertDelays(_time);
        delays.Acknowledged("one");
        delays.Acknowledged("two");
        _time.Advance(TimeSpan.FromMilliseconds(7));

        delays.Alerted("one");

        Assert.Equal(1, delays.Pairs);
        Assert.Equal(7_000_000, delays.Delays.Longest);
    }

    [Fact]
    public void Acknowledged_AfterTheAlert_IsNoDelay()
    {
        var delays = new AlertDelays(_time);
        delays.Alerted("one");
        _time.Advance(TimeSpan.FromMilliseconds(7));

        delays.Acknowledged("one");

        Assert.Equal((1, 0), (delays.Pairs, delays.Delays.Longest));
    }

    [Fact]
    public void Alerted_Twice_Throws()
    {
        var delays = new AlertDelays(_time);
        delays.Alerted("one");

        Assert.Throws<InvalidOperationException>(() => delays.Alerted("one"));
    }
}
