using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Overlaps;
using Domain = Deconfliction.Domain;
using Wire = Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Input;

/// <summary>The protocol's enumerations and the domain's, either way. Numbers differ and may change apart; nothing is cast.</summary>
internal static class EnumMaps
{
    public static Domain.Claims.Priority? ToDomain(Wire.Priority priority) => priority switch
    {
        Wire.Priority.Unspecified or Wire.Priority.Normal => Domain.Claims.Priority.Normal,
        Wire.Priority.Low => Domain.Claims.Priority.Low,
        Wire.Priority.High => Domain.Claims.Priority.High,
        Wire.Priority.Urgent => Domain.Claims.Priority.Urgent,
        _ => null,
    };

    public static Wire.Priority ToWire(Domain.Claims.Priority priority) => priority switch
    {
        Domain.Claims.Priority.Low => Wire.Priority.Low,
        Domain.Claims.Priority.High => Wire.Priority.High,
        Domain.Claims.Priority.Urgent => Wire.Priority.Urgent,
        _ => Wire.Priority.Normal,
    };

    public static Domain.Claims.Handling? ToDomain(Wire.Handling handling) => handling switch
    {
        Wire.Handling.Unspecified => Domain.Claims.Handling.None,
        Wire.Handling.H0 => Domain.Claims.Handling.H0,
        Wire.Handling.H1 => Domain.Claims.Handling.H1,
        Wire.Handling.H2 => Domain.Claims.Handling.H2,
        Wire.Handling.H3 => Domain.Claims.Handling.H3,
        Wire.Handling.TlpClear => Domain.Claims.Handling.TlpClear,
        Wire.Handling.TlpGreen => Domain.Claims.Handling.TlpGreen,
        Wire.Handling.TlpAmber => Domain.Claims.Handling.TlpAmber,
        Wire.Handling.TlpAmberStrict => Domain.Claims.Handling.TlpAmberStrict,
        Wire.Handling.TlpRed => Domain.Claims.Handling.TlpRed,
        _ => null,
    };

    public static Wire.Handling ToWire(Domain.Claims.Handling handling) => handling switch
    {
        Domain.Claims.Handling.H0 => Wire.Handling.H0,
        Domain.Claims.Handling.H1 => Wire.Handling.H1,
        Domain.Claims.Handling.H2 => Wire.Handling.H2,
        Domain.Claims.Handling.H3 => Wire.Handling.H3,
        Domain.Claims.Handling.TlpClear => Wire.Handling.TlpClear,
        Domain.Claims.Handling.TlpGreen => Wire.Handling.TlpGreen,
        Domain.Claims.Handling.TlpAmber => Wire.Handling.TlpAmber,
        Domain.Claims.Handling.TlpAmberStrict => Wire.Handling.TlpAmberStrict,
        Domain.Claims.Handling.TlpRed => Wire.Handling.TlpRed,
        _ => Wire.Handling.Unspecified,
    };

    public static Domain.Claims.Disclosure? ToDomain(Wire.Disclosure disclosure, Domain.Claims.Disclosure byDefault) => disclosure switch
    {
        Wire.Disclosure.Unspecified => byDefault,
        Wire.Disclosure.Open => Domain.Claims.Disclosure.Open,
        Wire.Disclosure.Masked => Domain.Claims.Disclosure.Masked,
        Wire.Disclosure.Silent => Domain.Claims.Disclosure.Silent,
        _ => null,
    };

    public static Wire.Disclosure ToWire(Domain.Claims.Disclosure disclosure) => disclosure switch
    {
        Domain.Claims.Disclosure.Open => Wire.Disclosure.Open,
        Domain.Claims.Disclosure.Masked => Wire.Disclosure.Masked,
        Domain.Claims.Disclosure.Silent => Wire.Disclosure.Silent,
        _ => Wire.Disclosure.Unspecified,
    };

    public static Outcome? ToDomain(Wire.OverlapOutcome outcome) => outcome switch
    {
        Wire.OverlapOutcome.Coordinated => Outcome.Coordinated,
        Wire.OverlapOutcome.DuplicateStopped => Outcome.DuplicateStopped,
        Wire.OverlapOutcome.NoConflict => Outcome.NoConflict,
        Wire.OverlapOutcome.FalseMatch => Outcome.FalseMatch,
        _ => null,
    };

    public static Wire.OverlapOutcome ToWire(Outcome outcome) => outcome switch
    {
        Outcome.Coordinated => Wire.OverlapOutcome.Coordinated,
        Outcome.DuplicateStopped => Wire.OverlapOutcome.DuplicateStopped,
        Outcome.NoConflict => Wire.OverlapOutcome.NoConflict,
        Outcome.FalseMatch => Wire.OverlapOutcome.FalseMatch,
        _ => Wire.OverlapOutcome.Unspecified,
    };

    public static Wire.Visibility ToWire(Visibility visibility) => visibility switch
    {
        Visibility.Masked => Wire.Visibility.Masked,
        Visibility.Contact => Wire.Visibility.Contact,
        Visibility.Open => Wire.Visibility.Open,
        _ => Wire.Visibility.Unspecified,
    };

    public static Wire.Strength ToWire(Strength strength) => strength switch
    {
        Strength.Exact => Wire.Strength.Exact,
        Strength.Normalised => Wire.Strength.Normalised,
        Strength.Weak => Wire.Strength.Weak,
        _ => Wire.Strength.Unspecified,
    };

    public static Wire.AlertKind ToWire(AlertKind kind) => kind switch
    {
        AlertKind.OverlapFound => Wire.AlertKind.OverlapFound,
        AlertKind.ClaimChecked => Wire.AlertKind.ClaimChecked,
        AlertKind.ContactRequested => Wire.AlertKind.ContactRequested,
        AlertKind.Disclosed => Wire.AlertKind.Disclosed,
        AlertKind.ClaimExpiring => Wire.AlertKind.ClaimExpiring,
        AlertKind.OverlapAcknowledged => Wire.AlertKind.OverlapAcknowledged,
        AlertKind.OverlapResolved => Wire.AlertKind.OverlapResolved,
        AlertKind.CertificateExpiring => Wire.AlertKind.CertificateExpiring,
        AlertKind.Crowd => Wire.AlertKind.Crowd,
        AlertKind.CertificateIssued => Wire.AlertKind.CertificateIssued,
        _ => Wire.AlertKind.Unspecified,
    };

    public static Domain.Agencies.AgencyRole? ToDomain(Wire.AgencyRole role) => role switch
    {
        Wire.AgencyRole.LawEnforcement => Domain.Agencies.AgencyRole.LawEnforcement,
        Wire.AgencyRole.InternationalBody => Domain.Agencies.AgencyRole.InternationalBody,
        Wire.AgencyRole.Hotline => Domain.Agencies.AgencyRole.Hotline,
        Wire.AgencyRole.Industry => Domain.Agencies.AgencyRole.Industry,
        Wire.AgencyRole.Operator => Domain.Agencies.AgencyRole.Operator,
        Wire.AgencyRole.Auditor => Domain.Agencies.AgencyRole.Auditor,
        _ => null,
    };

    public static Wire.AgencyRole ToWire(Domain.Agencies.AgencyRole role) => role switch
    {
        Domain.Agencies.AgencyRole.LawEnforcement => Wire.AgencyRole.LawEnforcement,
        Domain.Agencies.AgencyRole.InternationalBody => Wire.AgencyRole.InternationalBody,
        Domain.Agencies.AgencyRole.Hotline => Wire.AgencyRole.Hotline,
        Domain.Agencies.AgencyRole.Industry => Wire.AgencyRole.Industry,
        Domain.Agencies.AgencyRole.Operator => Wire.AgencyRole.Operator,
        Domain.Agencies.AgencyRole.Auditor => Wire.AgencyRole.Auditor,
        _ => Wire.AgencyRole.Unspecified,
    };
}
