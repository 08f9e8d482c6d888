using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Agencies;

/// <summary>What the management of agencies refuses with.</summary>
internal static class AgencyProblems
{
    public static readonly Problem Taken = new(
        StatusCode.AlreadyExists, "AGENCY_EXISTS", "There is an agency with this id, or the id is the grid's own.", "Choose another id; ids are never used again.");

    public static readonly Problem LastOperator = new(
        StatusCode.FailedPrecondition, "LAST_OPERATOR", "This is the only operator: without it nobody could manage agencies any more.",
        "Add another operator first.");

    public static readonly Problem Revoked = new(
        StatusCode.FailedPrecondition, "AGENCY_REVOKED", "The agency is revoked, which is final: it gets no certificate any more.",
        "Add a new agency, with another id.");

    public static readonly Problem OutsideAuthority = new(
        StatusCode.FailedPrecondition, "OUTSIDE_AUTHORITY", "Certificates are issued by an outside authority, not by the grid.",
        "Ask that authority for a new certificate.");

    public static Problem StillValid(AgencyId agency, DateTimeOffset end) => new(
        StatusCode.FailedPrecondition, "CERTIFICATE_STILL_VALID",
        $"The agency '{agency}' has a certificate that is valid until {end.UtcDateTime:yyyy-MM-dd}, and renews by it: deconflict identity renew.",
        "See that the id is the right one. Where the key of that certificate was lost, say so: deconflict agency certify --key-lost.")
    {
        Violations = [new Violation("key_lost", "CERTIFICATE_STILL_VALID", "The agency has a certificate that is still valid.", "Set it where the key was lost.")],
    };
}
