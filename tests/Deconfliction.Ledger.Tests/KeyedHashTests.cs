using System.Security.Cryptography;

namespace Deconfliction.Ledger.Tests;

public sealed class KeyedHashTests
{
    // More keys than a thread keeps, in turn: one that was put out comes back as it was.
    [Fact]
    public void Write_ManyKeysInTurn_IsHmacSha256()
    {
        byte[][] keys = [.. Enumerable.Range(0, 7).Select(_ => RandomNumberGenerator.GetBytes(32))];
        for (var i = 0; i < 100; i++)
        {
            var (key, data) = (keys[i * i % keys.Length], RandomNumberGenerator.GetBytes(i));

            var hash = new byte[KeyedHash.Length + 1];
            KeyedHash.Write(key, data, hash);

            Assert.Equal(HMACSHA256.HashData(key, data), hash[..KeyedHash.Length]);
            Assert.Equal(HMACSHA256.HashData(key, data), KeyedHash.Of(key, data));
        }
    }

    [Fact]
    public void Write_ManyThreads_IsHmacSha256()
    {
        byte[][] keys = [.. Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetBytes(32))];
        Parallel.For(0, 2_000, i =>
        {
            var data = BitConverter.GetBytes(i);
            Assert.Equal(HMACSHA256.HashData(keys[i % 3], data), KeyedHash.Of(keys[i % 3], data));
        });
    }

    [Fact]
    public void Write_TargetTooShort_SaysSo_AndTheNextHashIsRight()
    {
        var key = RandomNumberGenerator.GetBytes(32);

        Assert.ThrowsAny<ArgumentException>(() => KeyedHash.Write(key, [1, 2, 3], new byte[KeyedHash.Length - 1]));

        Assert.Equal(HMACSHA256.HashData(key, new byte[] { 4 }), KeyedHash.Of(key, [4]));
    }
}
