using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Identity;

/// <summary>
/// Mutual TLS on a listener. In the handshake: a certificate is there, an authority vouches for it, and its dates hold; else there is no
/// connection. Who the peer is stays with the connection (<see cref="PeerIdentity"/> among its features) and is asked at each call.
/// </summary>
public static class GatewayTls
{
    /// <summary>Serves HTTP/2 over mutual TLS.</summary>
    public static void UseGatewayTls(this ListenOptions listen, TrustStore trust, ServerCertificates certificates, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(certificates);
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = TimeSpan.FromSeconds(10),
            OnConnection = handshake => ValueTask.FromResult(OptionsFor(handshake.Connection, trust, certificates, log)),
        });
    }

    private static SslServerAuthenticationOptions OptionsFor(
        ConnectionContext connection, TrustStore trust, ServerCertificates certificates, ILogger log) => new()
    {
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ServerCertificate = certificates.Current,
        ClientCertificateRequired = true,
        // A resumed session would not be asked for its certificate again.
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = trust.HandshakePolicy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Admit(connection, certificate, chain, trust, log),
    };

    private static bool Admit(ConnectionContext connection, X509Certificate? presented, X509Chain? chain, TrustStore trust, ILogger log)
    {
        if (presented is not X509Certificate2 certificate)
        {
            GatewayLog.HandshakeRefused(log, "CERTIFICATE_REQUIRED", "");
            return false;
        }

        if (trust.Verify(certificate, chain?.ChainPolicy.ExtraStore) is not { } peer)
        {
            GatewayLog.HandshakeRefused(log, "UNTRUSTED_CERTIFICATE", certificate.SerialNumber);
            return false;
        }

        connection.Features.Set(peer);
        return true;
    }
}
