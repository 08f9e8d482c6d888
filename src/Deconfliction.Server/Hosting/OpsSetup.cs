using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Dashboard;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Watching;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Server.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Server.Hosting;

/// <summary>Puts the operations pages together with the server.</summary>
internal static class OpsSetup
{
    private const int ShortestToken = 32;

    /// <summary>Adds the pages and what they ask of this process.</summary>
    public static void AddOpsDashboard(this IServiceCollection services, ILedger ledger, KeyRing keys, ServerOptions options, IEdition edition)
    {
        services.AddSingleton<LocalNode>();
        services.AddSingleton<ILocalNode>(provider => provider.GetRequiredService<LocalNode>());
        services.AddSingleton<INodeControl>(provider => provider.GetRequiredService<LocalNode>());
        edition.AddOps(services);
        services.AddDashboard(ledger, new DashboardOptions
        {
            PseudonymKey = keys.DerivePseudonymKey(),
            IsTls = options.OpsTls != "off",
            ProxyHeader = options.OpsProxyHeader,
            Token = options.OpsToken is { } file ? ReadToken(file) : null,
            MorePages = edition.PageAsync,
        });
    }

    /// <summary>Lets the pages follow what the grid finds.</summary>
    public static void FollowGrid(this IServiceProvider services, GridMeters meters) =>
        meters.OverlapFound = services.GetRequiredService<GatewayWatch>().Overlaps.Found;

    /// <summary>The certificate of the operations listener, for each handshake; nothing without TLS.</summary>
    /// <exception cref="StartException">The file holds no certificate and key.</exception>
    public static Func<X509Certificate2>? CertificateOf(ServerOptions options, ServerCertificates own)
    {
        switch (options.OpsTls)
        {
            case "off":
                return null;
            case "server":
                return () => own.Current;
            default:
                try
                {
                    var certificate = X509Certificate2.CreateFromPemFile(options.OpsTls);
                    return () => certificate;
                }
                catch (CryptographicException problem)
                {
                    throw new StartException($"--ops-tls {options.OpsTls}: {problem.Message} Give a PEM file that holds a certificate and its key.", problem);
                }
        }
    }

    private static string ReadToken(string file)
    {
        var token = File.ReadAllText(file).Trim();
        return token.Length >= ShortestToken
            ? token
            : throw new StartException($"--ops-token {file}: the secret in it has {token.Length} characters. Give {ShortestToken} or more, such as 'openssl rand -hex 32' makes.");
    }
}
