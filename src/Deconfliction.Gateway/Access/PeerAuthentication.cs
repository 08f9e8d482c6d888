using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Identity;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Gateway.Access;

/// <summary>Turns the peer of a connection into the caller of a call: a member, not revoked, with a certificate that still holds.</summary>
/// <remarks>Nothing that the call itself carries is asked: identities in metadata or forwarded headers mean nothing.</remarks>
internal sealed class PeerAuthentication(IAgencyDirectory directory, AgencyDomains domains, TimeProvider time)
{
    /// <summary>The caller.</summary>
    /// <exception cref="ProblemException">UNAUTHENTICATED: who it is has not been shown.</exception>
    public ValueTask<Caller> AuthenticateAsync(PeerIdentity? peer, CancellationToken cancellationToken)
    {
        if (peer is null)
        {
            throw new ProblemException(Problems.NoCertificate);
        }

        if (peer.Id is not { } id)
        {
            throw new ProblemException(peer.Problem == PeerProblem.Ambiguous ? Problems.AmbiguousCertificate : Problems.NoIdentity);
        }

        return directory.Find(id.Agency) is { } record && Examine(peer, record) && domains.Known(id.Agency) is { } domain
            ? new ValueTask<Caller>(Admit(peer, record, domain))
            : LookUpAsync(peer, id, cancellationToken);
    }

    // Its authority vouches for the certificate, so what is not known here may have been added on another node just now.
    private async ValueTask<Caller> LookUpAsync(PeerIdentity peer, SpiffeId id, CancellationToken cancellationToken)
    {
        if (directory.Find(id.Agency) is not { } record || !Examine(peer, record))
        {
            await directory.CatchUpAsync(cancellationToken);
            record = directory.Find(id.Agency);
        }

        return record is not null && Examine(peer, record)
            ? Admit(peer, record, await domains.OfAsync(record.Id, cancellationToken))
            : throw new ProblemException(Problems.UnknownPeer);
    }

    private static Caller Admit(PeerIdentity peer, AgencyRecord record, TrustDomain domain) =>
        peer.Id!.Value.Domain == domain ? peer.CallerFor(record) : throw new ProblemException(Problems.UnknownPeer);

    // False where the certificate is not known.
    private bool Examine(PeerIdentity peer, AgencyRecord record)
    {
        if (record.IsRevoked)
        {
            throw new ProblemException(Problems.CertificateRevoked);
        }

        if (time.GetUtcNow() >= peer.NotAfter)
        {
            throw new ProblemException(Problems.CertificateExpired);
        }

        if (!peer.IsBuiltIn)
        {
            return true;
        }

        for (var i = 0; i < record.Certificates.Count; i++)
        {
            var certificate = record.Certificates[i];
            if (string.Equals(certificate.Serial, peer.Serial, StringComparison.Ordinal))
            {
                if (certificate.IsRevoked)
                {
                    throw new ProblemException(Problems.CertificateRevoked);
                }

                return true;
            }
        }

        return false;
    }
}
