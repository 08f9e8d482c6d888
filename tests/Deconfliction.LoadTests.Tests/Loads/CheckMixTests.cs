using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Tests.Loads;

public sealed class CheckMixTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5_000)]
    [InlineData(50_000)]
    public void Scatter_ShareOfNumbers_IsTheRateOfHits(int hits)
    {
        const int Calls = 2_000_000;

        var hit = Enumerable.Range(0, Calls).Count(number => GeneratedValues.Scatter(10_000_000_000 + number, Checks.Whole) < hits);

        // Five standard deviations of as many independent calls.
        var expected = Calls * (double)hits / Checks.Whole;
        Assert.InRange(hit, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
    }

    [Fact]
    public async Task Mix_FourFifths_CallsEachLoadItsShare()
    {
        var (first, rest) = (new Counted("first"), new Counted("rest"));
        var mix = new Mix(80, first, rest);

        for (var call = 0; call < 10_000; call++)
        {
            await mix.CallAsync(call, CancellationToken.None);
        }

        Assert.Equal(10_000, first.Calls + rest.Calls);
        Assert.InRange(first.Calls, 7_800, 8_200);
    }

    [Fact]
    public async Task FreshNumbers_ManyCallers_NeverTwice()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 5_000).Select(_ => FreshNumbers.Next()).ToArray())));

        Assert.Equal(40_000, numbers.SelectMany(static one => one).Distinct().Count());
    }

    private sealed class Counted(string name) : ILoad
    {
        public string Name => name;

        public int Calls { get; private set; }

        public Task CallAsync(int caller, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.CompletedTask;
        }
    }
}
