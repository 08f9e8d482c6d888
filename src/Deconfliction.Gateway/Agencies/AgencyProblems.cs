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
}
