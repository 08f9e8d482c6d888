using Deconfliction.Dashboard.Pages;
using Deconfliction.Dashboard.Panels;

namespace Deconfliction.Dashboard.Tests.Panels;

/// <summary>A chart shows each value that it has, and its axis names values that can be.</summary>
public sealed class ChartTests
{
    [Fact]
    public void Dots_AreOfPointsThatNoLineGoesThrough()
    {
        // Two that are joined, and two that are alone: in the middle, and the last.
        var chart = Chart(3, 4, null, 5, null, 6);
        Assert.Equal(2, Drawing.Dots(chart.Lines[0].Points, chart, Axis.Of(chart)).Split('M').Length - 1);
        var young = Chart(5);
        Assert.StartsWith("M", Drawing.Dots(young.Lines[0].Points, young, Axis.Of(young)), StringComparison.Ordinal);
        var full = Chart(1, 2, 3);
        Assert.Equal("", Drawing.Dots(full.Lines[0].Points, full, Axis.Of(full)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Axis_OfWholeNumbers_NamesNoHalves(int most)
    {
        var axis = Axis.Of(Chart(most) with { IsWhole = true });
        Assert.All(axis.Ticks, tick => Assert.Equal(Math.Round(tick), tick));
        Assert.True(axis.Ticks[^1] >= most);
    }

    private static ChartBlock Chart(params double?[] values) => new(
        "chart", "count", Grids.Now.AddHours(-1), Grids.Now, [new Line("line", [.. values.Select((value, i) => new Point(Grids.Now.AddMinutes(i - 30), value))])],
        static value => value.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
