namespace Deconfliction.Client;

/// <summary>
/// An error as the grid tells it: what is wrong, where, why, and what to do (AIP-193).
/// </summary>
/// <param name="Status">The gRPC status, in its canonical spelling, such as <c>INVALID_ARGUMENT</c>.</param>
/// <param name="Reason">The stable reason (<c>google.rpc.ErrorInfo.reason</c>); empty if the server gave none.</param>
/// <param name="Description">What is wrong, for a reader.</param>
/// <param name="Field">The path of the offending field; empty if no one field is at fault.</param>
/// <param name="Remedy">What to do about it, for a reader; empty if nothing is known.</param>
/// <param name="RetryAfter">How long to wait before a retry; null if the server gave no time.</param>
/// <param name="WasSent">Whether the request may have reached the server; where it is false, nothing was done.</param>
public sealed record GridError(
    string Status,
    string Reason,
    string Description,
    string Field = "",
    string Remedy = "",
    TimeSpan? RetryAfter = null,
    bool WasSent = true)
{
    private const string AnswerTooLarge = "RESPONSE_TOO_LARGE";

    /// <summary>Whether a message, or its answer, is over the receiver's limit; sent again it is as large.</summary>
    public bool IsTooLarge => Reason is "MESSAGE_TOO_LARGE" or AnswerTooLarge;

    /// <summary>Whether the same request, with the same <c>request_id</c>, may succeed later (AIP-194).</summary>
    public bool MayPass => Status is "UNAVAILABLE" or "DEADLINE_EXCEEDED" or "ABORTED" or "RESOURCE_EXHAUSTED" && !IsTooLarge;

    /// <summary>Whether the server may have done what was asked without saying so.</summary>
    public bool MayBeDone => (MayPass || Reason == AnswerTooLarge) && WasSent;

    /// <summary>Whether the server could not be reached, or did not answer in time.</summary>
    public bool IsUnreachable => Status is "UNAVAILABLE" or "DEADLINE_EXCEEDED";

    /// <summary>Whether the caller's identity or permission was refused.</summary>
    public bool IsRefusal => Status is "UNAUTHENTICATED" or "PERMISSION_DENIED";
}
