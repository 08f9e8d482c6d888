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
            OpsOnNetwork = values.Choice("ops-reach", ("loopback", false), ("network", true)),
            Store = store,
            Connection = connection,
            Keys = values.FolderIfSet("keys"),
            Pki = values.FolderIfSet("pki"),
            TrustDomain = Domain(),
            ServerNames = values.Every("server-name", OptionValues.IsHostName, "a DNS name or an address"),
            Authorities = values.Every("authority", text => File.Exists(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]), "[DOMAIN=]FILE with a PEM file that is there"),
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

    private void Compare(ServerOptions options)
    {
        if (!IPAddress.IsLoopback(options.Ops.Address) && !options.OpsOnNetwork)
        {
            values.Problem(
                "ops", values.Sources.Last("ops")!.Value,
                "a loopback address, such as 127.0.0.1:7480: it answers without TLS and to anybody; or --ops-reach network, where the network keeps others out");
        }

        if (options.Listen.Equals(options.Ops) && options.Listen.Port != 0)
        {
            values.Problem("ops", values.Sources.Last("ops")!.Value, "another address or port than --listen");
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

        return value?.Text;
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
