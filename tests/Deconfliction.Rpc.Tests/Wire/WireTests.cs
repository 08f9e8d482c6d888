using System.Buffers;
using Deconfliction.Rpc.Wire;

namespace Deconfliction.Rpc.Tests.Wire;

public sealed class WireTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("\t\n☺😈", "%09%0A%E2%98%BA%F0%9F%98%88")]
    [InlineData("", "")]
    public void PercentCoding_RoundTrips(string text, string encoded)
    {
        Assert.Equal(encoded, PercentCoding.Encode(text));
        Assert.Equal(text, PercentCoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz", "%zz")]
    [InlineData("a%20b%", "a b%")]
    public void PercentCoding_KeepsWhatIsNoEscape(string encoded, string text) => Assert.Equal(text, PercentCoding.Decode(encoded));

    [Fact]
    public void PercentCoding_BoundsTheMessage() => Assert.InRange(PercentCoding.Encode(new string('x', 100_000)).Length, 4000, 4200);

    [Theory]
    [InlineData("1H", 36_000_000_000L)]
    [InlineData("2M", 1_200_000_000L)]
    [InlineData("3S", 30_000_000L)]
    [InlineData("4m", 40_000L)]
    [InlineData("5u", 50L)]
    [InlineData("600n", 6L)]
    [InlineData("99999999H", 3_599_999_964_000_000_000L)]
    public void Timeout_IsRead(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Fact]
    public void Timeout_RoundTripsToNeverLess()
    {
        const int Seed = 1;
        var random = new Random(Seed);
        for (var i = 0; i < 10_000; i++)
        {
            var timeout = TimeSpan.FromTicks(random.NextInt64(1L << random.Next(1, 62)));
            Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(timeout), out var read), $"seed {Seed}: {timeout}");
            Assert.True(read >= timeout && read <= timeout + TimeSpan.FromTicks((timeout.Ticks / 1000) + TimeSpan.TicksPerMillisecond), $"seed {Seed}: {timeout} became {read}");
        }
    }

    [Theory]
    [InlineData("UPPER", "v", "upper")]
    [InlineData("a_b.c-d0", "v", "a_b.c-d0")]
    public void Metadata_LowersKeys(string key, string value, string stored) => Assert.Equal(stored, new Metadata.Entry(key, value).Key);

    [Theory]
    [InlineData("", "v")]
    [InlineData("sp ace", "v")]
    [InlineData("key-bin", "text")]
    [InlineData("key", "line\nbreak")]
    [InlineData("key", "ünïcode")]
    public void Metadata_RefusesWhatCannotTravel(string key, string value) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, value));

    [Theory]
    [InlineData("q6s", new byte[] { 0xab, 0xab })]
    [InlineData("q6s=", new byte[] { 0xab, 0xab })]
    [InlineData("", new byte[0])]
    public void BinaryMetadata_IsReadWithAndWithoutPadding(string header, byte[] bytes)
    {
        Assert.True(MetadataHeaders.TryDecode(header, out var read));
        Assert.Equal(bytes, read);
    }

    [Fact]
    public void BinaryMetadata_JoinedByCommas_IsSplit()
    {
        var metadata = new Metadata();
        Assert.True(MetadataHeaders.TryAdd(metadata, "x-bin", "AQ,Ag=="));
        Assert.Equal([[1], [2]], metadata.GetAll("x-bin").Select(entry => entry.ValueBytes));
    }

    [Fact]
    public void GzipBomb_CostsNoMoreThanTheLimit()
    {
        const int Limit = 1024 * 1024;
        var bomb = Server.RawClient.Gzipped(new byte[256 * 1024 * 1024]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<WireException>(() => Gzip.Decompress(new ReadOnlySequence<byte>(bomb), Limit, out _));
        Assert.Equal(WireFault.TooLarge, error.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * Limit);
    }
}
