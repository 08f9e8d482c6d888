using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using DomainDisclosure = Deconfliction.Domain.Claims.Disclosure;
using DomainHandling = Deconfliction.Domain.Claims.Handling;
using DomainPriority = Deconfliction.Domain.Claims.Priority;
using DomainWindow = Deconfliction.Domain.Claims.Window;

namespace Deconfliction.Gateway.Input;

/// <summary>A claim as it was asked for, read and found right.</summary>
internal readonly record struct ClaimAsked(
    Identifier Identifier,
    string Case,
    DomainPriority Priority,
    DomainHandling Handling,
    DomainDisclosure Disclosure,
    DomainWindow? Window,
    int? Port,
    TimeSpan? Lifetime);

/// <summary>A check as it was asked for, read and found right.</summary>
internal readonly record struct CheckAsked(Identifier Identifier, DomainWindow? Window, int? Port);

/// <summary>Reads what agencies submit. Everything that is wrong is said at once, each with its field, reason and remedy.</summary>
internal sealed class ClaimReader(GatewayOptions options)
{
    private const long SecondsADay = 86_400;

    /// <summary>Reads a claim; nothing where something is wrong.</summary>
    public ClaimAsked? Claim(ClaimInput? input, Faults faults)
    {
        if (input is null)
        {
            faults.Add("claim", "MISSING_CLAIM", "The claim is missing.", "Say what is claimed.");
            return null;
        }

        var identifier = Identifier("claim.identifier", input.Identifier, faults);
        faults.Required("claim.case_reference", input.CaseReference, Limits.CaseReference, "The case reference");
        faults.Optional("claim.contact", input.Contact, Limits.Contact);
        faults.Optional("claim.purpose", input.Purpose, Limits.Purpose);
        faults.Optional("claim.legal_basis", input.LegalBasis, Limits.LegalBasis);
        var priority = Known("claim.priority", EnumMaps.ToDomain(input.Priority), "LOW, NORMAL, HIGH, URGENT", faults);
        var handling = Known("claim.handling", EnumMaps.ToDomain(input.Handling), "H0 to H3 or TLP_CLEAR to TLP_RED", faults);
        var disclosure = Known(
            "claim.disclosure", EnumMaps.ToDomain(input.Disclosure, options.DefaultDisclosure), "OPEN, MASKED, SILENT", faults);
        var window = Window("claim.", identifier, input.Identifier, input.Window, faults);
        var port = Port("claim.", identifier, input.Identifier, input.Port, faults);
        var lifetime = Lifetime("claim.lifetime", input.Lifetime, faults);
        return faults.Any || identifier is null
            ? null
            : new ClaimAsked(identifier, input.CaseReference, priority, handling, disclosure, window, port, lifetime);
    }

    /// <summary>Reads a check; nothing where something is wrong.</summary>
    public CheckAsked? Check(CheckRequest input, Faults faults)
    {
        var identifier = Identifier("identifier", input.Identifier, faults);
        faults.Required("case_reference", input.CaseReference, Limits.CaseReference, "The case reference");
        faults.Required("purpose", input.Purpose, Limits.Purpose, "The purpose");
        var window = Window("", identifier, input.Identifier, input.Window, faults);
        var port = Port("", identifier, input.Identifier, input.Port, faults);
        return faults.Any || identifier is null ? null : new CheckAsked(identifier, window, port);
    }

    /// <summary>Reads a lifetime: whole days, at most the policy's.</summary>
    public TimeSpan? Lifetime(string field, Duration? lifetime, Faults faults)
    {
        if (lifetime is null)
        {
            return null;
        }

        var most = (long)options.Policy.MaximumLifetime.TotalDays;
        if (lifetime.Nanos != 0 || lifetime.Seconds <= 0 || lifetime.Seconds % SecondsADay != 0)
        {
            faults.Add(field, "LIFETIME_NOT_IN_DAYS", "The lifetime is not a whole number of days.", $"Give 1 to {most} days of 86,400 seconds, or leave it out.");
            return null;
        }

        if (lifetime.Seconds / SecondsADay > most)
        {
            faults.Add(field, "LIFETIME_TOO_LONG", $"The lifetime is {lifetime.Seconds / SecondsADay} days; at most {most} are given.", "Ask for less, and renew the claim while it is live.");
            return null;
        }

        return TimeSpan.FromSeconds(lifetime.Seconds);
    }

    /// <summary>An enumeration's value that the domain knows.</summary>
    public static T Known<T>(string field, T? value, string choices, Faults faults)
        where T : struct, System.Enum
    {
        if (value is { } known)
        {
            return known;
        }

        faults.Add(field, "UNKNOWN_VALUE", "The number stands for nothing that this server knows.", $"Use one of: {choices}.");
        return default;
    }

    private static Identifier? Identifier(string field, IdentifierInput? input, Faults faults)
    {
        if (input is null)
        {
            faults.Add(field, "MISSING_IDENTIFIER", "The identifier is missing.", "Give its kind and value.");
            return null;
        }

        var result = Canonicaliser.Canonicalise(input.Kind, input.Value);
        if (result.Refusal is { } refusal)
        {
            faults.Add($"{field}.{refusal.Field}", refusal.Reason, Sentence(refusal.Problem), Sentence(refusal.Remedy));
        }

        return result.Identifier;
    }

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    // What is said of a window depends on the kind as it was named, even where the value was refused.
    private static bool IsIp(Identifier? identifier, IdentifierInput? input) =>
        identifier is { } known
            ? known.Kind == IdentifierKind.Ip
            : IdentifierKinds.TryParse(input?.Kind ?? "", out var kind) && kind == IdentifierKind.Ip;

    private DomainWindow? Window(string path, Identifier? identifier, IdentifierInput? input, Protocol.V1.Window? window, Faults faults)
    {
        if (window is null)
        {
            return null;
        }

        if (!IsIp(identifier, input))
        {
            faults.Add(path + "window", "WINDOW_NEEDS_IP", "A window goes with kind ip only.", "Leave it out, or claim the address.");
            return null;
        }

        var from = Moment(path + "window.from", window.From, faults);
        var until = Moment(path + "window.until", window.Until, faults);
        var tolerance = Tolerance(path + "window.tolerance", window.Tolerance, faults);
        if (from is not { } start || until is not { } end || tolerance is not { } slack)
        {
            return null;
        }

        if (end <= start)
        {
            faults.Add(path + "window.until", "DATES_OUT_OF_ORDER", "The window ends before it begins.", "Give an end after the beginning; the end itself is not part of it.");
            return null;
        }

        if (end - start > options.MaximumWindow)
        {
            faults.Add(
                path + "window", "WINDOW_TOO_LONG", $"The window is longer than {options.MaximumWindow.TotalDays:0.##} days.",
                "Name the times at which the address was seen, in several claims if need be; an address alone means up to hundreds of people.");
            return null;
        }

        return new DomainWindow(start, end, slack);
    }

    /// <summary>Reads a time.</summary>
    public static DateTimeOffset? Moment(string field, Timestamp? timestamp, Faults faults)
    {
        const long Latest = 253_370_764_800; // 9999-01-01: a tolerance can be added to it.
        if (timestamp is null)
        {
            faults.Add(field, "MISSING_TIME", "The time is missing.", "Give both ends of the window, or no window.");
            return null;
        }

        if (timestamp.Seconds is < 0 or > Latest || timestamp.Nanos is < 0 or > 999_999_999)
        {
            faults.Add(field, "INVALID_TIME", "The time is not one from 1970 to 9998 in UTC.", "Give seconds since 1970-01-01T00:00:00Z and 0 to 999,999,999 nanoseconds.");
            return null;
        }

        // Databases keep microseconds; a finer time would not be equal to itself after it was stored.
        return DateTimeOffset.UnixEpoch.AddTicks((timestamp.Seconds * TimeSpan.TicksPerSecond) + (timestamp.Nanos / 1_000 * TimeSpan.TicksPerMicrosecond));
    }

    private TimeSpan? Tolerance(string field, Duration? duration, Faults faults)
    {
        if (duration is null)
        {
            return TimeSpan.Zero;
        }

        var most = (long)options.MaximumTolerance.TotalSeconds;
        if (duration.Seconds < 0 || duration.Nanos is < 0 or > 999_999_999 || duration.Seconds > most || (duration.Seconds == most && duration.Nanos > 0))
        {
            faults.Add(field, "INVALID_TOLERANCE", $"The tolerance is not one from 0 to {most} seconds.", "Say how far clocks may have been off.");
            return null;
        }

        return TimeSpan.FromTicks((duration.Seconds * TimeSpan.TicksPerSecond) + (duration.Nanos / 1_000 * TimeSpan.TicksPerMicrosecond));
    }

    private static int? Port(string path, Identifier? identifier, IdentifierInput? input, uint port, Faults faults)
    {
        if (port == 0)
        {
            return null;
        }

        if (!IsIp(identifier, input))
        {
            faults.Add(path + "port", "PORT_NEEDS_IP", "A port goes with kind ip only.", "Leave it out, or claim the address.");
            return null;
        }

        if (port > Limits.MaximumPort)
        {
            faults.Add(path + "port", "INVALID_PORT", "There is no such port.", "Give 1 to 65535, or 0 for none.");
            return null;
        }

        return (int)port;
    }
}
