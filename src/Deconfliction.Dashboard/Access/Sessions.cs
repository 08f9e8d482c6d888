using System.Collections.Concurrent;

namespace Deconfliction.Dashboard.Access;

/// <summary>Who is signed in at this node. In memory: a restart signs everybody out. Bounded; thread-safe.</summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    private const int Most = 1000;
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Opens one, and answers with the secret that stands for it.</summary>
    public string Open(string name, AccessRole role, string? tokenName)
    {
        MakeRoom();
        var secret = Secret.Create();
        _sessions[Secret.HashOf(secret)] = Create(name, role, tokenName);
        return secret;
    }

    /// <summary>The session of somebody whom a proxy names: the same for as long as it lasts.</summary>
    public Session OfProxied(string name, AccessRole role, string tokenName)
    {
        var key = $"proxied {tokenName} {name}";
        if (_sessions.TryGetValue(key, out var known) && known.ExpiresAt > time.GetUtcNow() && known.Role == role)
        {
            return known;
        }

        MakeRoom();
        return _sessions[key] = Create(name, role, tokenName);
    }

    /// <summary>The session that a secret stands for.</summary>
    public Session? Find(string secret)
    {
        var hash = Secret.HashOf(secret);
        if (!_sessions.TryGetValue(hash, out var session))
        {
            return null;
        }

        if (session.ExpiresAt > time.GetUtcNow())
        {
            return session;
        }

        _sessions.TryRemove(hash, out _);
        return null;
    }

    /// <summary>Ends the session that a secret stands for.</summary>
    public void Close(string secret) => _sessions.TryRemove(Secret.HashOf(secret), out _);

    private void MakeRoom()
    {
        if (_sessions.Count < Most)
        {
            return;
        }

        foreach (var (old, _) in _sessions.OrderBy(one => one.Value.ExpiresAt).Take(Most / 10))
        {
            _sessions.TryRemove(old, out _);
        }
    }

    private Session Create(string name, AccessRole role, string? tokenName) =>
        new(name, role, tokenName, Secret.Create(), time.GetUtcNow() + Life);
}
