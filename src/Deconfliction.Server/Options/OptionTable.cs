namespace Deconfliction.Server.Options;

/// <summary>An option as it is written and explained.</summary>
/// <param name="Name">Its name: <c>--NAME</c>; in the environment <c>DECONFLICTION_NAME</c>; in appsettings <c>Deconfliction:Name</c>.</param>
/// <param name="Placeholder">What stands for its value.</param>
/// <param name="Default">Its default, as it would be written; empty for none.</param>
/// <param name="Help">What it does.</param>
/// <param name="IsList">Whether it may be given several times.</param>
/// <param name="IsSecret">Whether its value must not be shown.</param>
internal sealed record OptionDefinition(
    string Name, string Placeholder, string Default, string Help, bool IsList = false, bool IsSecret = false)
{
    public const string EnvironmentPrefix = "DECONFLICTION_";

    public string Variable => EnvironmentPrefix + Name.Replace('-', '_').ToUpperInvariant();
}

/// <summary>The options of a program, and how it is called.</summary>
/// <param name="Intro">What the program is, and its calls.</param>
/// <param name="Options">All options.</param>
internal sealed record OptionTable(string Intro, IReadOnlyList<OptionDefinition> Options)
{
    /// <summary>The server's.</summary>
    public static OptionTable Server { get; } = new(
        """
        deconfliction-server: tells agencies that they work on the same identifier, and nothing else.

        Usage:
          deconfliction-server [options]                 run the server
          deconfliction-server backup FILE [options]     copy the store to FILE, while the server runs or not
          deconfliction-server restore FILE [options]    put FILE in the place of an empty store
        """,
        [
            new("data", "DIR", "./data", "Where the store, the keys and the certificates lie."),
            new("listen", "ADDRESS:PORT", "127.0.0.1:7443", "Where agencies connect (gRPC over mutual TLS)."),
            new("ops", "ADDRESS:PORT", "127.0.0.1:7480", "Where the operations pages, /health and /metrics are."),
            new("ops-reach", "loopback|network", "loopback", "Whether --ops may be another address than a loopback one without TLS: for balancers and probes; then others get /health alone."),
            new("ops-tls", "off|server|FILE", "off", "TLS of --ops: none (loopback only), by the server's own certificate, or by a PEM file with certificate and key."),
            new("ops-token", "FILE", "", "A file with a secret of 32 or more characters: whoever sends it as bearer may look at the operations pages and scrape /metrics."),
            new("ops-proxy-header", "NAME", "", "Header in which a reverse proxy names whom it has authenticated; the proxy shows an access token as bearer."),
            new("store", "sqlite|postgres", "sqlite", "Which database holds the record."),
            new("connection", "STRING", "", "PostgreSQL's connection string; with --store postgres only.", IsSecret: true),
            new("trust-domain", "NAME", "deconfliction.local", "SPIFFE trust domain of the grid's own authority."),
            new("server-name", "NAME", "", "A further DNS name or address for the server's certificate.", IsList: true),
            new("authority", "[DOMAIN=]FILE", "", "PEM file of an outside authority, in place of the grid's own; each for one trust domain.", IsList: true),
            new("hazards", "FILE", "", "A list of hazards, in the JSON of MISP's warning lists.", IsList: true),
            new("default-disclosure", "open|masked|silent", "open", "Disclosure of claims that name none."),
            new("checks-per-minute", "N", "60000", "Checks that one agency may make a minute."),
            new("claims-per-minute", "N", "3000000", "Claims that one agency may make a minute."),
            new("claim-days", "N", "180", "Life of a claim that names none."),
            new("max-claim-days", "N", "365", "The longest life of a claim."),
            new("expiry-notice-days", "N", "14", "How long before its expiry the owner of a claim is told."),
            new("certificate-notice-days", "N", "30", "How long before its end an agency is told of a certificate, and the log of a silo's identity."),
            new("max-window-days", "N", "31", "The longest window of an IP address."),
            new("crowd-cap", "N", "25", "More agencies than this on one identifier make a crowd."),
            new("crowd-reopens-below", "N", "20", "A crowd ends when fewer agencies than this are left."),
            new("keep-ended-days", "N", "90", "How long ended claims, their overlaps and acknowledged alerts are kept."),
            new("keep-audit-days", "N", "1827", "How long audit entries are kept (five years)."),
            new("log-level", "LEVEL", "warning", "What is logged beside the server's own lifecycle: trace, debug, information, warning, error, none."),
        ]);

    public string Usage()
    {
        var text = new System.Text.StringBuilder(Intro).Append(
            """


            Options, from the command line, the environment or appsettings.json, in this order:

            """);
        foreach (var option in Options)
        {
            var left = $"  --{option.Name} {option.Placeholder}";
            var fallback = option.Default.Length > 0 ? $" Default {option.Default}." : "";
            var repeated = option.IsList ? " May be repeated." : "";
            text.Append(left.PadRight(36)).Append(' ').Append(option.Help).Append(fallback).Append(repeated).Append('\n');
        }

        return text.Append(
            """
              --help                               This text.
              --version                            The program's version.

            In the environment an option is DECONFLICTION_NAME (DECONFLICTION_TRUST_DOMAIN; a list is separated by ';').
            In appsettings.json it is a member of "Deconfliction" ("TrustDomain"; a list is an array).

            """).ToString();
    }
}
