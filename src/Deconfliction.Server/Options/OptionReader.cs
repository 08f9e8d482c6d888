using System.Globalization;
using System.Net;
using Deconfliction.Domain.Claims;
using Deconfliction.Gateway.Identity;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Options;

/// <summary>Validates what is set. Each problem names the option, its value, where it was set, and what would be right.</summary>
internal sealed class OptionReader(OptionSources sources)
{
    private const int MaximumDays = 36_500;
    private readonly List<string> _problems = [.. sources.Problems];

    /// <summary>The options, or what is wrong with them.</summary>
    public (ServerOptions? Options, IReadOnlyList<string> Problems) Read()
    {
        var store = Choice("store", ("sqlite", StoreKind.Sqlite), ("postgres", StoreKind.Postgres));
        var options = new ServerOptions
        {
            Data = Folder("data"),
            Listen = EndPoint("listen"),
            Ops = EndPoint("ops"),
            Store = store,
            Connection = Connection(store),
            TrustDomain = Domain(),
            ServerNames = Every("server-name", IsHostName, "a DNS name or an address"),
            Authorities = Every("authority", text => File.Exists(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]), "[DOMAIN=]FILE with a PEM file that is there"),
            Hazards = Every("hazards", File.Exists, "a file that is there"),
            DefaultDisclosure = Choice("default-disclosure", ("open", Disclosure.Open), ("masked", Disclosure.Masked), ("silent", Disclosure.Silent)),
            ChecksPerMinute = Number("checks-per-minute", 1, 1_000_000_000),
            ClaimsPerMinute = Number("claims-per-minute", 1, 1_000_000_000),
            ClaimDays = Days("claim-days", MaximumDays),
            MaximumClaimDays = Days("max-claim-days", MaximumDays),
            ExpiryNoticeDays = Days("expiry-notice-days", MaximumDays),
            CertificateNoticeDays = Days("certificate-notice-days", 364),
            MaximumWindowDays = Days("max-window-days", MaximumDays),
            CrowdCap = (int)Number("crowd-cap", 2, 100_000),
            CrowdReopensBelow = (int)Number("crowd-reopens-below", 1, 100_000),
            KeepEndedDays = Days("keep-ended-days", MaximumDays),
            KeepAuditDays = Days("keep-audit-days", MaximumDays),
            LogLevel = Choice(
                "log-level", ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning),
                ("error", LogLevel.Error), ("none", LogLevel.None)),
        };
        if (_problems.Count == 0)
        {
            Compare(options);
        }

        return _problems.Count == 0 ? (options, []) : (null, _problems);
    }

    private void Compare(ServerOptions options)
    {
        if (!IPAddress.IsLoopback(options.Ops.Address))
        {
            Problem("ops", sources.Last("ops")!.Value, "a loopback address, such as 127.0.0.1:7480: it answers without TLS and to anybody");
        }

        if (options.Listen.Equals(options.Ops) && options.Listen.Port != 0)
        {
            Problem("ops", sources.Last("ops")!.Value, "another address or port than --listen");
        }

        if (options.ClaimDays > options.MaximumClaimDays)
        {
            Problem("claim-days", sources.Last("claim-days")!.Value, $"at most --max-claim-days, which is {options.MaximumClaimDays}");
        }

        if (options.ExpiryNoticeDays >= options.ClaimDays)
        {
            Problem("expiry-notice-days", sources.Last("expiry-notice-days")!.Value, $"less than --claim-days, which is {options.ClaimDays}");
        }

        // Request ids are kept with the audit entries, for the claim's life and for 30 days at least (rule 5).
        if (options.KeepAuditDays < Math.Max(30, options.MaximumClaimDays))
        {
            Problem(
                "keep-audit-days", sources.Last("keep-audit-days")!.Value,
                $"at least 30, and no less than --max-claim-days, which is {options.MaximumClaimDays}");
        }

        if (options.CrowdReopensBelow > options.CrowdCap)
        {
            Problem("crowd-reopens-below", sources.Last("crowd-reopens-below")!.Value, $"at most --crowd-cap, which is {options.CrowdCap}");
        }
    }

    private void Problem(string name, OptionValue value, string right)
    {
        var secret = OptionTable.All.First(option => string.Equals(option.Name, name, StringComparison.Ordinal)).IsSecret;
        _problems.Add($"--{name} is '{(secret ? "(hidden)" : value.Text)}' ({value.Source}); give {right}.");
    }

    private string Folder(string name)
    {
        var value = sources.Last(name)!.Value;
        if (string.IsNullOrWhiteSpace(value.Text) || value.Text.Contains('\0', StringComparison.Ordinal) || File.Exists(value.Text))
        {
            Problem(name, value, "a folder, which is made where it is not there");
        }

        return value.Text;
    }

    private IPEndPoint EndPoint(string name)
    {
        var value = sources.Last(name)!.Value;
        var colon = value.Text.LastIndexOf(':');
        var host = colon > 0 ? value.Text[..colon] : "";
        var address = host switch
        {
            "localhost" => IPAddress.Loopback,
            ['[', .. var v6, ']'] => IPAddress.TryParse(v6, out var parsed) ? parsed : null,
            // An address such as "7443" or "127.1" would be read too, as something else than was meant.
            _ => host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out var parsed) ? parsed : null,
        };
        if (address is not null && ushort.TryParse(value.Text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return new IPEndPoint(address, port);
        }

        Problem(name, value, "ADDRESS:PORT, such as 127.0.0.1:7443, [::1]:7443 or 0.0.0.0:7443");
        return new IPEndPoint(IPAddress.Loopback, 0);
    }

    private string? Connection(StoreKind store)
    {
        var value = sources.Last("connection");
        if (store == StoreKind.Postgres && value is null)
        {
            _problems.Add("--connection is missing; --store postgres needs one, such as 'Host=localhost;Database=deconfliction;Username=grid'.");
        }
        else if (store == StoreKind.Sqlite && value is { } given)
        {
            Problem("connection", given, "it with --store postgres only, or leave it out");
        }

        return value?.Text;
    }

    private TrustDomain Domain()
    {
        var value = sources.Last("trust-domain")!.Value;
        if (!TrustDomain.TryParse(value.Text, out var domain))
        {
            Problem("trust-domain", value, "a SPIFFE trust domain: lower-case letters, digits, dots, hyphens and underscores");
        }

        return domain;
    }

    private List<string> Every(string name, Func<string, bool> isRight, string right)
    {
        var values = sources.Every(name);
        foreach (var value in values)
        {
            if (!isRight(value.Text))
            {
                Problem(name, value, right);
            }
        }

        return [.. values.Select(value => value.Text)];
    }

    private static bool IsHostName(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;

    private int Days(string name, int most) => (int)Number(name, 1, most);

    private long Number(string name, long least, long most)
    {
        var value = sources.Last(name)!.Value;
        if (long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(name, value, $"a whole number from {least} to {most}");
        return least;
    }

    private T Choice<T>(string name, params (string Text, T Value)[] choices)
    {
        var value = sources.Last(name)!.Value;
        foreach (var (text, choice) in choices)
        {
            if (string.Equals(text, value.Text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        Problem(name, value, $"one of: {string.Join(", ", choices.Select(choice => choice.Text))}");
        return choices[0].Value;
    }
}
