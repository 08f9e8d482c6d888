using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;

namespace Deconfliction.ClusterLoadTests.Sides;

/// <summary>Where the plain way runs, and with what.</summary>
/// <param name="Connection">PostgreSQL's connection string.</param>
/// <param name="PoolSize">Connections of its storage.</param>
/// <param name="Port">Of gRPC.</param>
/// <param name="SiloPort">Of Orleans.</param>
/// <param name="Keys">Folder of a key ring and an authority's key.</param>
/// <param name="Pki">Folder of the authority's certificate.</param>
/// <param name="IdentityFile">Where the caller's identity is written.</param>
internal sealed record PlainSettings(string Connection, int PoolSize, int Port, int SiloPort, string Keys, string Pki, string IdentityFile)
{
    /// <summary>The grid's own default.</summary>
    public TrustDomain Domain => TrustDomain.TryParse("deconfliction.local", out var domain) ? domain : throw new InvalidOperationException("No domain.");
}

/// <summary>The caller's certificate for the plain way, by the same kind of authority.</summary>
internal static class PlainIdentity
{
    /// <summary>Writes certificate and key.</summary>
    public static void Write(BuiltInAuthority authority, string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var agency = AgencyId.Parse("caller");
        var certificate = authority.Sign(agency, authority.Draft(agency, Guid.CreateVersion7()), new PublicKey(key));
        OwnerOnlyFiles.Write(file, certificate + key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
