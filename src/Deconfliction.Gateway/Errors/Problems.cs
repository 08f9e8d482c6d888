using Deconfliction.Domain.Agencies;
using Deconfliction.Grid;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Errors;

/// <summary>What the gateway refuses with, one place for every text.</summary>
internal static class Problems
{
    // One text each for an object of another agency and for one that does not exist: the answers are the same bytes (rule 7).
    public static readonly Problem NoSuchClaim = new(
        StatusCode.NotFound, "CLAIM_NOT_FOUND", "Your agency has no such claim.", "List your claims to see those there are.");

    public static readonly Problem NoSuchOverlap = new(
        StatusCode.NotFound, "OVERLAP_NOT_FOUND", "There is no such overlap for your agency.", "List your overlaps to see those there are.");

    public static readonly Problem NoSuchAgency = new(
        StatusCode.NotFound, "AGENCY_NOT_FOUND", "There is no agency with this id.", "List the agencies to see those there are.");

    public static readonly Problem ClaimEnded = new(
        StatusCode.FailedPrecondition, "CLAIM_ENDED", "The claim has ended.", "Claim the identifier anew, so that detection runs again.");

    public static readonly Problem Outdated = new(
        StatusCode.Aborted, "ETAG_MISMATCH", "The claim was changed since you read it.", "Read it again, and repeat the change with its new etag and a new request id.")
    {
        Violations = [new Violation("etag", "ETAG_MISMATCH", "The claim was changed since you read it.", "Read it again.")],
    };

    public static readonly Problem NotACrowd = new(
        StatusCode.FailedPrecondition, "NOT_A_CROWD", "The claim's identifier is not a crowd.", "Request contact on each overlap of the claim.");

    public static readonly Problem AlreadyResolved = new(
        StatusCode.FailedPrecondition, "ALREADY_RESOLVED", "The overlap was resolved with another outcome.", "Read it to see how.");

    public static readonly Problem CannotBeAsked = new(
        StatusCode.FailedPrecondition, "CANNOT_BE_ASKED", "The other side submits referrals and is told nothing of others, so the grid cannot ask it.",
        "Call it by the contact that the overlap shows.");

    // Without a delay: a retry finds what is there now. A new claim has no such bound, it tells of all that it meets.
    public static readonly Problem TooManyOverlaps = new(
        StatusCode.FailedPrecondition, "TOO_MANY_OVERLAPS",
        $"This disclosure concerns more than {TooManyOverlapsException.Most} overlaps of the claim, which is more than one change may. Nothing was changed.",
        "Disclose single overlaps, or release the claim and claim the identifier anew with this disclosure.")
    {
        Violations = [new Violation("disclosure", "TOO_MANY_OVERLAPS", "It concerns more overlaps than one change may.", "Disclose single overlaps.")],
    };

    public static readonly Problem InvalidPageToken = Problem.Invalid(
        [new Violation("page_token", "INVALID_PAGE_TOKEN", "The page token is not one that this method gave your agency for this filter.",
            "Start again without a token, and keep the filter while you follow tokens.")]);

    // AIP-155 asks for an error and leaves the code open: the request itself is at fault, whatever the state of the system.
    public static readonly Problem RequestIdReused = Problem.Invalid(
        [new Violation("request_id", "REQUEST_ID_REUSED", "This request id was used before with another payload.",
            "Use a new UUID for a new request, and the same one only to repeat the same.")]);

    public static readonly Problem OutcomeUnknown = new(
        StatusCode.Unavailable, "OUTCOME_UNKNOWN", "The commit was sent and no answer came: it may or may not have happened.",
        "Retry with the same request_id: you get the original answer if it happened.") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static readonly Problem LedgerUnavailable = new(
        StatusCode.Unavailable, "LEDGER_UNAVAILABLE", "The store cannot be reached. Nothing was recorded, so nothing was done or looked up.",
        "Retry after a while with the same request_id.") { RetryAfter = TimeSpan.FromSeconds(2) };

    public static readonly Problem Internal = new(
        StatusCode.Internal, "INTERNAL", "The server failed to handle the call; its log has the cause.",
        "Retry with the same request_id; tell the operator if it happens again.");

    public static readonly Problem NoCertificate = new(
        StatusCode.Unauthenticated, "CERTIFICATE_REQUIRED", "The connection has no client certificate.", "Connect with your agency's identity.");

    public static readonly Problem AmbiguousCertificate = new(
        StatusCode.Unauthenticated, "AMBIGUOUS_CERTIFICATE", "The client certificate carries more than one URI, or names that cannot be read.",
        "Use a certificate with exactly one SPIFFE URI.");

    public static readonly Problem NoIdentity = new(
        StatusCode.Unauthenticated, "NO_AGENCY_IN_CERTIFICATE", "The client certificate names no agency.",
        "Use a certificate with one URI spiffe://TRUST-DOMAIN/agency/ID.");

    public static readonly Problem UnknownPeer = new(
        StatusCode.Unauthenticated, "UNKNOWN_AGENCY", "The client certificate is not of a member of this grid.", "Ask the operator to add your agency.");

    public static readonly Problem CertificateRevoked = new(
        StatusCode.Unauthenticated, "CERTIFICATE_REVOKED", "The client certificate, or its agency, was revoked.",
        "Use another certificate of this agency's, if it has one; a revoked agency is not let in again, and the operator can add a new one, with another id.");

    public static readonly Problem CertificateExpired = new(
        StatusCode.Unauthenticated, "CERTIFICATE_EXPIRED", "The client certificate has expired since the connection was made.",
        "Connect with the renewed certificate; where none was asked for in time, ask the operator for one: deconflict agency certify.");

    public static Problem NotPermitted(AgencyRole role, string who) => new(
        StatusCode.PermissionDenied, "ROLE_NOT_PERMITTED", $"An agency of role {RoleNames.Of(role)} may not do this.", $"It is for: {who}.");

    public static Problem Overloaded(TimeSpan retryAfter) => new(
        StatusCode.ResourceExhausted, "OVERLOADED", "The server is busy and took nothing of this.", "Retry after the given delay with the same request_id.")
    {
        RetryAfter = retryAfter,
    };

    public static Problem BudgetExhausted(string what, long perMinute, TimeSpan retryAfter) => new(
        StatusCode.ResourceExhausted,
        "BUDGET_EXHAUSTED",
        $"Your agency has used up its budget of {perMinute} {what} a minute, over all its connections. The operator is told.",
        "Retry after the given delay with the same request_id; ask the operator if your work needs more.")
    {
        RetryAfter = retryAfter,
    };

    public static Problem FeedPosition(FeedPositionException refused)
    {
        const string reason = "FEED_POSITION_OUT_OF_RANGE";
        const string remedy = "Take a position from the oldest that is kept up to the head.";
        var field = refused.Use == FeedPositionUse.AcknowledgeUpTo ? "up_to_position" : "after_position";
        return new(StatusCode.OutOfRange, reason, refused.Message, remedy)
        {
            Facts = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["oldest_position"] = refused.OldestAvailable.ToString(),
                ["head_position"] = refused.Head.ToString(),
            },
            Violations = [new Violation(field, reason, refused.Message, remedy)],
        };
    }
}

/// <summary>Roles as the protocol writes them.</summary>
internal static class RoleNames
{
    public static string Of(AgencyRole role) => role switch
    {
        AgencyRole.LawEnforcement => "LAW_ENFORCEMENT",
        AgencyRole.InternationalBody => "INTERNATIONAL_BODY",
        AgencyRole.Hotline => "HOTLINE",
        AgencyRole.Industry => "INDUSTRY",
        AgencyRole.Operator => "OPERATOR",
        AgencyRole.Auditor => "AUDITOR",
        _ => "UNSPECIFIED",
    };
}
