namespace Deconfliction.Grid.Tests;

public sealed class UuidV7SourceTests
{
    [Fact]
    public void Next_IsOfVersion7_AndOfItsInstant()
    {
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

        var id = new UuidV7Source().Next(now);

        Assert.Equal(7, id.Version);
        Assert.Equal(8, id.Variant & 0xC);
        var bytes = id.ToByteArray(bigEndian: true);
        Assert.Equal(now.ToUnixTimeMilliseconds(), bytes.Take(6).Aggregate(0L, static (all, one) => (all << 8) | one));
    }

    [Fact]
    public void Next_RisesInTheOrderOfBytes_EvenWhereTheClockStandsOrGoesBack()
    {
        var source = new UuidV7Source();
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var last = "";
        for (var i = 0; i < 20_000; i++)
        {
            var next = source.Next(i % 2 == 0 ? now : now.AddSeconds(-1)).ToString();
            Assert.True(string.CompareOrdinal(last, next) < 0);
            last = next;
        }
    }

    [Fact]
    public void Next_FromManyThreads_IsUnique()
    {
        var source = new UuidV7Source();
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var heads = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();

        Parallel.For(0, 20_000, _ => Assert.True(heads.TryAdd(source.Next(now).ToString()[..18], true)));

        Assert.Equal(20_000, heads.Count);
    }
}
