using Deconfliction.Dashboard.Panels.Agencies;
using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Tests.Panels;

public sealed class CoarseTests
{
    [Fact]
    public void Count_OfOneMore_DoesNotShow()
    {
        Assert.Single(Enumerable.Range(0, 20).Select(value => Coarse.Count(value, Language.English)).Distinct());
        Assert.Equal(Coarse.Count(340, Language.English), Coarse.Count(349, Language.English));
        Assert.Equal("≈ 34,000", Coarse.Count(34_999, Language.English));
    }

    [Theory]
    [InlineData(0, "< 20")]
    [InlineData(19, "< 20")]
    [InlineData(74, "20 – 199")]
    [InlineData(80, "20 – 199")]
    [InlineData(200, "200 – 1,999")]
    public void Band_OfFiguresThatTwoAgenciesHaveInCommon_IsTheSame(long value, string band) => Assert.Equal(band, Coarse.Band(value, Language.English));

    [Fact]
    public void Ratio_OfFew_IsNotTold()
    {
        Assert.Equal("–", Coarse.Ratio(19, 19, Language.English));
        Assert.Equal(Coarse.Ratio(8, 100, Language.English), Coarse.Ratio(12, 100, Language.English));
    }
}
