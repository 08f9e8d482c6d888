using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Tests.Deciding;
using FsCheck;
using FsCheck.Fluent;

namespace Deconfliction.Domain.Tests.Claims;

public class ClaimTests
{
    private static readonly Gen<Window?> Windows =
        Gen.Frequency(
            (1, Gen.Constant<Window?>(null)),
            (4, from start in Gen.Choose(0, 12)
                from length in Gen.Choose(1, 6)
                from tolerance in Gen.Choose(0, 2)
                select (Window?)Given.Hours(start, start + length, tolerance)));

    private static readonly Gen<int?> Ports = Gen.Elements<int?>(null, 80, 443);

    private static readonly Gen<Claim> Drafts =
        from window in Windows
        from port in Ports
        select Given.Draft("agency-a", window: window, port: port);

    [Fact]
    public void Meets_AnyTwo_IsSymmetric() =>
        Prop.ForAll(Drafts.Two().ToArbitrary(), pair => pair.Item1.Meets(pair.Item2) == pair.Item2.Meets(pair.Item1))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Meets_AnyOne_MeetsItself() =>
        Prop.ForAll(Drafts.ToArbitrary(), claim => claim.Meets(claim)).QuickCheckThrowOnFailure();

    [Fact]
    public void Meets_AnyTwo_ShareAnHourOrAHalfOne() =>
        Prop.ForAll(
            Drafts.Two().ToArbitrary(),
            pair => pair.Item1.Meets(pair.Item2) == SharesAnInstant(pair.Item1, pair.Item2))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(80, null, true)]
    [InlineData(null, 80, true)]
    [InlineData(80, 80, true)]
    [InlineData(80, 443, false)]
    public void Meets_ByPort_OnlyWhereBothAgree(int? one, int? other, bool meets) =>
        Assert.Equal(meets, Given.Draft("agency-a", port: one).Meets(Given.Draft("agency-b", port: other)));

    [Theory]
    [InlineData(0, 2, 0, 2, 4, 0, false)]
    [InlineData(0, 2, 0, 1, 4, 0, true)]
    [InlineData(0, 2, 1, 2, 4, 0, true)]
    [InlineData(0, 2, 1, 3, 4, 0, false)]
    [InlineData(0, 2, 1, 3, 4, 1, true)]
    public void Meets_ByWindow_WithTolerance(int from, int until, int tolerance, int from2, int until2, int tolerance2, bool meets) =>
        Assert.Equal(meets, Given.Hours(from, until, tolerance).Meets(Given.Hours(from2, until2, tolerance2)));

    [Fact]
    public void Meets_AtTheCalendarsEnds_DoesNotOverflow()
    {
        var all = new Window(DateTimeOffset.MinValue.AddHours(1), DateTimeOffset.MaxValue.AddHours(-1), TimeSpan.FromDays(1));

        Assert.Equal(DateTimeOffset.MinValue, all.Earliest);
        Assert.Equal(DateTimeOffset.MaxValue, all.Latest);
        Assert.True(all.Meets(Given.Hours(0, 1)));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void IsLive_AroundItsExpiry_EndsAtThatInstant(int secondsAfter, bool isLive)
    {
        var claim = Given.Draft("agency-a") with { ExpiresAt = Bench.Start };

        Assert.Equal(isLive, claim.IsLive(Bench.Start.AddSeconds(secondsAfter)));
    }

    // All windows of the generator begin and end on full hours, so halves in between decide.
    private static bool SharesAnInstant(Claim one, Claim other) =>
        (one.Port is null || other.Port is null || one.Port == other.Port)
        && Enumerable.Range(-10, 100).Any(half => Covers(one.Window, half) && Covers(other.Window, half));

    private static bool Covers(Window? window, int half)
    {
        var at = Bench.Start.AddMinutes((half * 60) + 30);
        return window is not { } one || (one.From - one.Tolerance <= at && at < one.Until + one.Tolerance);
    }
}
