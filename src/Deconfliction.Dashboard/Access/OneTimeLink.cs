namespace Deconfliction.Dashboard.Access;

/// <summary>The secret in the link that a start prints: signs in one operator, once, within a day.</summary>
internal sealed class OneTimeLink(TimeProvider time)
{
    private static readonly TimeSpan s_life = TimeSpan.FromHours(24);
    private readonly DateTimeOffset _until = time.GetUtcNow() + s_life;
    private string? _hash;

    /// <summary>Makes the secret; the one before it, if there was one, is good no more.</summary>
    public string Issue()
    {
        var secret = Secret.Create();
        Volatile.Write(ref _hash, Secret.HashOf(secret));
        return secret;
    }

    /// <summary>Whether this is the secret and it was not used before. From now on it has been.</summary>
    public bool TryUse(string secret)
    {
        var hash = Volatile.Read(ref _hash);
        return hash is not null && time.GetUtcNow() < _until && Secret.Matches(secret, hash)
            && ReferenceEquals(Interlocked.CompareExchange(ref _hash, null, hash), hash);
    }
}
