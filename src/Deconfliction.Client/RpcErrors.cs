using System.Security.Authentication;
using Deconfliction.Rpc;

namespace Deconfliction.Client;

/// <summary>Reads what, where, why and the remedy out of a status and its details (AIP-193).</summary>
internal static class RpcErrors
{
    /// <summary>One side does not accept the other's certificate.</summary>
    public const string HandshakeFailed = "TLS_HANDSHAKE";

    /// <summary>
    /// The server ended the connection as soon as TLS stood, which is how it refuses a client's certificate
    /// (<see cref="EndedAfterHandshakeException"/>). A server that dies at that moment looks the same.
    /// </summary>
    public const string ClosedAfterHandshake = "TLS_CLIENT_REFUSED";

    public static GridError Read(RpcException problem)
    {
        if (Handshake(problem) is { } reason)
        {
            return new GridError("UNAUTHENTICATED", reason, reason == HandshakeFailed
                ? problem.Status.Detail
                : "The server ended the connection as soon as TLS stood. It most likely refused the certificate: of another authority, expired or revoked. "
                    + "Or it stopped at that moment: then the next attempt says more.", WasSent: problem.WasSent);
        }

        var info = problem.GetErrorInfo();
        var violation = problem.GetBadRequest()?.FieldViolations.FirstOrDefault();
        var remedy = info is not null && info.Metadata.TryGetValue("remedy", out var told) ? told
            : violation is not null && violation.Description != problem.Status.Detail ? violation.Description : "";
        return new GridError(
            StatusCodeNames.Of((int)problem.StatusCode),
            info?.Reason ?? "",
            problem.Status.Detail,
            violation?.Field ?? "",
            remedy,
            problem.GetRetryInfo()?.RetryDelay?.ToTimeSpan(),
            problem.WasSent);
    }

    /// <summary>
    /// How TLS failed, or null. The transport calls it UNAVAILABLE, but the caller must know: no wait will mend it.
    /// </summary>
    private static string? Handshake(RpcException problem)
    {
        for (var cause = problem.InnerException; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return HandshakeFailed;
                case EndedAfterHandshakeException:
                    return ClosedAfterHandshake;
            }
        }

        return null;
    }
}
