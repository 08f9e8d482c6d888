using System.Globalization;
using System.Net;
using Deconfliction.Domain.Claims;
using Deconfliction.Gateway.Identity;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Options;

/// <summary>Validates what is set. Each problem names the option, its value, where it was set, and what would be right.</summary>
internal sealed class OptionReader(OptionValues values)
{
    private const int MaximumDays = 36_500;

    /// <summary>Reads from these sources.</summary>
    public OptionReader(OptionSources sources)
        : this(new OptionValues(sources))
    {
    }

    /// <summary>The options, or what is wrong with them.</summary>
    public (ServerOptions? Options, IReadOnlyList<string> Problems) Read()
    {
        var store = values.Choice("store", ("sqlite", StoreKind.Sqlite), ("postgres", StoreKind.Postgres));
        return Read(store, Connection(store));
    }

    /// <summary>The options of a program whose store is given, or what is wrong with them.</summary>
    public (ServerOptions? Options, IReadOnlyList<string> Problems) Read(StoreKind store, string? connection)
    {
        var options = new ServerOptions
        {
            Data = values.Folder("data"),
            Listen = values.EndPoint("listen"),
            Ops = values.EndPoint("ops"),
            OpsTls = OneOf("ops-tls", text => text is "off" or "server" || File.Exists(text), "off, server, or a PEM file that is there") ?? "off",
            OpsToken = OneOf("ops-token", File.Exists, "a file that is there"),
            OpsProxyHeader = OneOf("ops-proxy-header", text => text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "the name of a header"),
            OpsOnNetwork = values.Choice("ops-reach", ("loopback", false), ("network", true)),
            Store = store,
            Connection = connection,
            Keys = values.FolderIfSet("keys"),
            Pki = values.FolderIfSet("pki"),
            TrustDomain = Domain(),
            ServerNames = values.Every("server-name", OptionValues.IsHostName, "a DNS name or an address"),
            Authorities = Authorities(),
            Hazards = values.Every("hazards", File.Exists, "a file that is there"),
            DefaultDisclosure = values.Choice("default-disclosure", ("open", Disclosure.Open), ("masked", Disclosure.Masked), ("silent", Disclosure.Silent)),
            ChecksPerMinute = values.Number("checks-per-minute", 1, 1_000_000_000),
            ClaimsPerMinute = values.Number("claims-per-minute", 1, 1_000_000_000),
            ClaimDays = values.Days("claim-days", MaximumDays),
            MaximumClaimDays = values.Days("max-claim-days", MaximumDays),
            ExpiryNoticeDays = values.Days("expiry-notice-days", MaximumDays),
            CertificateNoticeDays = values.Days("certificate-notice-days", 364),
            MaximumWindowDays = values.Days("max-window-days", MaximumDays),
            CrowdCap = (int)values.Number("crowd-cap", 2, 100_000),
            CrowdReopensBelow = (int)values.Number("crowd-reopens-below", 1, 100_000),
            KeepEndedDays = values.Days("keep-ended-days", MaximumDays),
            KeepAuditDays = values.Days("keep-audit-days", MaximumDays),
            LogLevel = values.Choice(
                "log-level", ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning),
                ("error", LogLevel.Error), ("none", LogLevel.None)),
        };
        if (values.Problems.Count == 0)
        {
            Compare(options);
        }

        return values.Problems.Count == 0 ? (options, []) : (null, values.Problems);
    }

    private string? OneOf(string name, Func<string, bool> isRight, string right)
    {
        if (values.Sources.Last(name) is not { } value)
        {
            return null;
        }

        if (!isRight(value.Text))
        {
            values.Problem(name, value, right);
        }

        return value.Text;
    }

    private void Compare(ServerOptions options)
    {
        if (!IPAddress.IsLoopback(options.Ops.Address) && !options.OpsOnNetwork && options.OpsTls == "off")
        {
            values.Problem(
                "ops", values.Sources.Last("ops")!.Value,
                "a loopback address, such as 127.0.0.1:7480; or --ops-tls; or --ops-reach network, and then others get nothing but /health from it");
        }

        if (Collide(options.Listen, options.Ops))
        {
            values.Problem("ops", values.Sources.Last("ops")!.Value, $"another port than --listen, which is {options.Listen}");
        }

        if (options.ClaimDays > options.MaximumClaimDays)
        {
            values.Problem("claim-days", values.Sources.Last("claim-days")!.Value, $"at most --max-claim-days, which is {options.MaximumClaimDays}");
        }

        if (options.ExpiryNoticeDays >= options.ClaimDays)
        {
            values.Problem("expiry-notice-days", values.Sources.Last("expiry-notice-days")!.Value, $"less than --claim-days, which is {options.ClaimDays}");
        }

        // Request ids are kept with the audit entries, for the claim's life and for 30 days at least (rule 5).
        if (options.KeepAuditDays < Math.Max(30, options.MaximumClaimDays))
        {
            values.Problem(
                "keep-audit-days", values.Sources.Last("keep-audit-days")!.Value,
                $"at least 30, and no less than --max-claim-days, which is {options.MaximumClaimDays}");
        }

        if (options.CrowdReopensBelow > options.CrowdCap)
        {
            values.Problem("crowd-reopens-below", values.Sources.Last("crowd-reopens-below")!.Value, $"at most --crowd-cap, which is {options.CrowdCap}");
        }
    }

    // One that stands for all addresses has each of them: of IPv4, or as IPv6 of both.
    private static bool Collide(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && one.Port != 0
        && (one.Address.Equals(other.Address) || Covers(one.Address, other.Address) || Covers(other.Address, one.Address));

    private static bool Covers(IPAddress any, IPAddress one) =>
        any.Equals(IPAddress.IPv6Any) || (any.Equals(IPAddress.Any) && one.AddressFamily == any.AddressFamily);

    private string? Connection(StoreKind store)
    {
        var value = values.Sources.Last("connection");
        if (store == StoreKind.Postgres && value is null)
        {
            values.Add("--connection is missing; --store postgres needs one, such as 'Host=localhost;Database=deconfliction;Username=grid'.");
        }
        else if (store == StoreKind.Sqlite && value is { } given)
        {
            values.Problem("connection", given, "it with --store postgres only, or leave it out");
        }
        else
        {
            values.ConfirmConnection("connection");
        }

        return value?.Text;
    }

    private List<TrustedAuthority> Authorities()
    {
        var read = new List<TrustedAuthority>();
        foreach (var value in values.Sources.Every("authority"))
        {
            try
            {
                var authority = TrustedAuthority.Load(value.Text);
                if (read.Exists(one => one.Domain == authority.Domain))
                {
                    values.Problem("authority", value, $"one file for each trust domain; that of {authority.Domain} may hold several certificates");
                }

                read.Add(authority);
            }
            catch (PkiException problem)
            {
                values.Problem("authority", value, "[DOMAIN=]FILE with a PEM file of an authority that this user may read", problem.Message);
            }
        }

        return read;
    }

    private TrustDomain Domain()
    {
        var value = values.Sources.Last("trust-domain")!.Value;
        if (!TrustDomain.TryParse(value.Text, out var domain))
        {
            values.Problem("trust-domain", value, "a SPIFFE trust domain: lower-case letters, digits, dots, hyphens and underscores");
        }

        return domain;
    }
}
