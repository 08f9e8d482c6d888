using System.Diagnostics;
using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Tests.Measuring;

public sealed class ShortSleepTests
{
    [Theory]
    [InlineData(0.25)]
    [InlineData(3.5)]
    [InlineData(1_002)]
    public void For_ATime_SleepsNoShorter(double milliseconds)
    {
        var started = Stopwatch.GetTimestamp();

        ShortSleep.For(TimeSpan.FromMilliseconds(milliseconds));

        Assert.True(Stopwatch.GetElapsedTime(started).TotalMilliseconds >= milliseconds);
    }
}
