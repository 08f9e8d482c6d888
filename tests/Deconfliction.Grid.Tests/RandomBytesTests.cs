using System.Collections.Concurrent;

namespace Deconfliction.Grid.Tests;

public sealed class RandomBytesTests
{
    // Eight bytes come twice among 40,000 by chance once in 20,000,000,000 runs.
    [Fact]
    public void Fill_ManyThreads_HandsNoBytesOutTwice()
    {
        var seen = new ConcurrentDictionary<ulong, bool>();

        Parallel.For(0, 40_000, _ =>
        {
            Span<byte> bytes = stackalloc byte[8];
            RandomBytes.Fill(bytes);
            Assert.True(seen.TryAdd(BitConverter.ToUInt64(bytes), true));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(1_000)]
    [InlineData(1_024)]
    [InlineData(5_000)]
    public void Fill_OfAnyLength_FillsAllOfIt(int length)
    {
        // Each place is some other value than zero once in a few fills.
        var seen = new bool[length];
        for (var i = 0; i < 20; i++)
        {
            var bytes = new byte[length];
            RandomBytes.Fill(bytes);
            for (var place = 0; place < length; place++)
            {
                seen[place] |= bytes[place] != 0;
            }
        }

        Assert.DoesNotContain(false, seen);
    }
}
