using Deconfliction.LoadTests.Rows.Results;

namespace Deconfliction.LoadTests.Tests.Rows;

public sealed class TargetTests
{
    [Theory]
    [InlineData(1.99, (int)Verdict.Missed)]
    [InlineData(2.0, (int)Verdict.AtLeast)]
    [InlineData(2.99, (int)Verdict.AtLeast)]
    [InlineData(3.0, (int)Verdict.Aim)]
    public void Judge_MoreIsBetter_ReachesFromBelow(double value, int verdict) => Assert.Equal((Verdict)verdict, new Target(2, 3).Judge(value));

    [Theory]
    [InlineData(15.1, (int)Verdict.Missed)]
    [InlineData(15.0, (int)Verdict.AtLeast)]
    [InlineData(8.1, (int)Verdict.AtLeast)]
    [InlineData(8.0, (int)Verdict.Aim)]
    public void Judge_LessIsBetter_ReachesFromAbove(double value, int verdict) => Assert.Equal((Verdict)verdict, new Target(15, 8).Judge(value));
}
