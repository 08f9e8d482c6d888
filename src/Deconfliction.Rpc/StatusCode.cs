namespace Deconfliction.Rpc;

/// <summary>gRPC's status codes (grpc/doc/statuscodes.md); the numbers are those on the wire.</summary>
public enum StatusCode
{
    /// <summary>Done.</summary>
    OK = 0,

    /// <summary>The caller gave the call up.</summary>
    Cancelled = 1,

    /// <summary>The other side failed without saying how.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call was done.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist, or not for this caller.</summary>
    NotFound = 5,

    /// <summary>What was to be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A budget, a limit or a queue is full.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of the system does not allow it; another state would.</summary>
    FailedPrecondition = 9,

    /// <summary>A race was lost; start again from reading.</summary>
    Aborted = 10,

    /// <summary>Past the range that is kept or valid.</summary>
    OutOfRange = 11,

    /// <summary>No such service, method or encoding here.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the system is broken.</summary>
    Internal = 13,

    /// <summary>Not now; the same call may succeed later.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or corrupt.</summary>
    DataLoss = 15,

    /// <summary>The caller has not proven who it is.</summary>
    Unauthenticated = 16,
}
