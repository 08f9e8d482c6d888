using Microsoft.AspNetCore.Http;

namespace Deconfliction.Rpc.Server;

/// <summary>Tells gRPC requests from others, which get an HTTP status.</summary>
internal static class RequestGate
{
    public const string ContentType = "application/grpc";

    /// <summary>False where the request is not gRPC; the response then says why.</summary>
    public static bool Accept(HttpContext http)
    {
        var request = http.Request;
        if (!IsGrpc(request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            http.Response.Headers.Accept = ContentType;
            return false;
        }

        if (!HttpProtocol.IsHttp2(request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "h2";
            return false;
        }

        return true;
    }

    /// <summary>application/grpc, alone or as +proto, with or without parameters.</summary>
    public static bool IsGrpc(string? contentType)
    {
        var type = contentType.AsSpan();
        var parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        return type.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/grpc+proto", StringComparison.OrdinalIgnoreCase);
    }
}
