using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Deconfliction.Dashboard.Access;

/// <summary>Secrets that people and programs carry: random, and known here by their hash alone.</summary>
internal static class Secret
{
    private const int Bytes = 32;

    /// <summary>A new one: 256 bits.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept of one. No salt and no stretching: there is nothing to guess in 256 random bits.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether a secret has a hash, in a time that does not tell where they differ.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(hash));
}
