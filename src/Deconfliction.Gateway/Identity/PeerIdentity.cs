using System.Security.Cryptography.X509Certificates;
using Deconfliction.Grid;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Gateway.Identity;

/// <summary>Why a certificate that an authority vouches for names nobody.</summary>
public enum PeerProblem
{
    /// <summary>It names one agency.</summary>
    None,

    /// <summary>It carries no SPIFFE URI of an agency.</summary>
    NoIdentity,

    /// <summary>It carries more than one URI, or names that cannot be read.</summary>
    Ambiguous,
}

/// <summary>Who is behind a connection, as its certificate says and an authority vouches. Made once a connection, in the handshake.</summary>
public sealed class PeerIdentity
{
    private KnownCaller? _known;

    internal PeerIdentity(SpiffeId? id, PeerProblem problem, X509Certificate2 certificate, bool isBuiltIn)
    {
        Id = id;
        Problem = problem;
        IsBuiltIn = isBuiltIn;
        Serial = certificate.SerialNumber.ToLowerInvariant();
        NotAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
    }

    /// <summary>The agency that it names.</summary>
    public SpiffeId? Id { get; }

    /// <summary>Why it names none.</summary>
    public PeerProblem Problem { get; }

    /// <summary>Serial number of the certificate, lower-case hex.</summary>
    public string Serial { get; }

    /// <summary>When the certificate ends; a connection does not outlive it.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Whether the grid's own authority issued it, so that it must be on record.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>The caller for the agency's record; made again only when the record changes.</summary>
    internal Caller CallerFor(AgencyRecord record)
    {
        // Calls of one connection race here; each result is as good as the other.
        var known = _known;
        if (known is null || !ReferenceEquals(known.Record, record))
        {
            _known = known = new KnownCaller(record, new Caller(record.Id, record.Role, Serial));
        }

        return known.Caller;
    }

    private sealed record KnownCaller(AgencyRecord Record, Caller Caller);
}
