using System.Security.Authentication;
using Deconfliction.Rpc;

namespace Deconfliction.Client;

/// <summary>Reads what, where, why and the remedy out of a status and its details (AIP-193).</summary>
internal static class RpcErrors
{
    public static GridError Read(RpcException problem)
    {
        var info = problem.GetErrorInfo();
        var violation = problem.GetBadRequest()?.FieldViolations.FirstOrDefault();
        var remedy = info is not null && info.Metadata.TryGetValue("remedy", out var told) ? told
            : violation is not null && violation.Description != problem.Status.Detail ? violation.Description : "";
        return new GridError(
            HandshakeFailed(problem) ? "UNAUTHENTICATED" : StatusNames.Of((int)problem.StatusCode),
            info?.Reason ?? (HandshakeFailed(problem) ? "TLS_HANDSHAKE" : ""),
            problem.Status.Detail,
            violation?.Field ?? "",
            remedy,
            problem.GetRetryInfo()?.RetryDelay?.ToTimeSpan());
    }

    /// <summary>
    /// Whether one side did not accept the other's certificate. The transport cannot tell it from a server that is away, but the
    /// caller must: no wait will mend it.
    /// </summary>
    private static bool HandshakeFailed(RpcException problem)
    {
        for (var cause = problem.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return true;
            }
        }

        return false;
    }
}
