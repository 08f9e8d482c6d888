using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Rpc.Client;

/// <summary>Makes the handler that holds a channel's connections.</summary>
internal static class Connections
{
    public static SocketsHttpHandler Create(RpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 256 * 1024,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            MaxResponseHeadersLength = 64,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            PlaintextStreamFilter = static (context, _) =>
                ValueTask.FromResult(context.PlaintextStream is SslStream tls
                    ? new FirstWordStream(tls, context.InitialRequestMessage.Content as CallContent)
                    : context.PlaintextStream),
        };
        handler.SslOptions = TlsOptions(options);
        return handler;
    }

    private static SslClientAuthenticationOptions TlsOptions(RpcChannelOptions options)
    {
        var tls = new SslClientAuthenticationOptions { ApplicationProtocols = [SslApplicationProtocol.Http2] };
        if (options.ClientCertificate is { } certificate)
        {
            // Made once: the chain is not looked up again, on the network or off it, for each connection.
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, options.ClientIntermediates, offline: true);
        }

        if (options.TrustedAuthorities is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            policy.CustomTrustStore.AddRange(authorities);
            tls.CertificateChainPolicy = policy;
        }

        return tls;
    }
}
