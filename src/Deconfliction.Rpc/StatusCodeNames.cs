namespace Deconfliction.Rpc;

/// <summary>The canonical spelling of gRPC's status codes (google.rpc.Code).</summary>
public static class StatusCodeNames
{
    private static readonly string[] s_names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    /// <summary>The name of a code; UNKNOWN for one that does not exist.</summary>
    public static string Of(int code) => code >= 0 && code < s_names.Length ? s_names[code] : "UNKNOWN";
}
