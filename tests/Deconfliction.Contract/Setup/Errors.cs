using Deconfliction.Client;

namespace Deconfliction.Contract.Setup;

/// <summary>What tests conclude from errors.</summary>
public static class Errors
{
    /// <summary>
    /// Whether the same request may pass later or at another node. A node that dies while a connection is being made looks as if it refused
    /// the certificate (RFC 8446: the server's refusal comes after the client's handshake).
    /// </summary>
    public static bool MayPassElsewhere(this GridException problem) => problem.Error.MayPass || problem.Error.Reason == "TLS_CLIENT_REFUSED";
}
