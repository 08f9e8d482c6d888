using Deconfliction.Domain.Agencies;
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

        return Recognise(peer, id.Agency) is { } record && domains.Known(id.Agency) is { } domain
            ? new ValueTask<Caller>(Admit(peer, record, domain))
            : AskAsync(peer, id.Agency, cancellationToken);
    }

    // The agency or its certificate may have been added through another node a moment ago.
    private async ValueTask<Caller> AskAsync(PeerIdentity peer, AgencyId agency, CancellationToken cancellationToken)
    {
        if (Recognise(peer, agency) is not { } record)
        {
            await directory.LookAgainAsync(cancellationToken);
            record = Recognise(peer, agency) ?? throw new ProblemException(Problems.UnknownPeer);
        }

        return Admit(peer, record, await domains.OfAsync(agency, cancellationToken));
    }

    private static Caller Admit(PeerIdentity peer, AgencyRecord record, TrustDomain domain) =>
        peer.Id!.Value.Domain == domain ? peer.CallerFor(record) : throw new ProblemException(Problems.UnknownPeer);

    // Nothing where the agency, or this certificate of it, is not known.
    private AgencyRecord? Recognise(PeerIdentity peer, AgencyId agency)
    {
        if (directory.Find(agency) is not { } record)
        {
            return null;
        }

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
            return record;
        }

        foreach (var certificate in record.Certificates)
        {
            if (string.Equals(certificate.Serial, peer.Serial, StringComparison.Ordinal))
            {
                if (certificate.IsRevoked)
                {
                    throw new ProblemException(Problems.CertificateRevoked);
                }

                return record;
            }
        }

        return null;
    }
}
