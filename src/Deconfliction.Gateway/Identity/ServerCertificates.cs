using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Gateway.Identity;

/// <summary>The server's own certificate: made at the start, and made anew when two thirds of its time have gone. Thread-safe.</summary>
public sealed class ServerCertificates(BuiltInAuthority authority, IReadOnlyCollection<string> hosts, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile Issued? _issued;

    /// <summary>The certificate for a handshake that begins now.</summary>
    public X509Certificate2 Current
    {
        get
        {
            var now = time.GetUtcNow();
            if (_issued is { } issued && now < issued.RenewAt)
            {
                return issued.Certificate;
            }

            lock (_gate)
            {
                if (_issued is not { } latest || now >= latest.RenewAt)
                {
                    // The one before is left to the collector: handshakes under way still use it.
                    _issued = new Issued(authority.IssueServerCertificate(hosts), now + (BuiltInAuthority.ServerCertificateLifetime * 2 / 3));
                }

                return _issued.Certificate;
            }
        }
    }

    private sealed record Issued(X509Certificate2 Certificate, DateTimeOffset RenewAt);
}
