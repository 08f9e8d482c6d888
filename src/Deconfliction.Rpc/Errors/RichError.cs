using Deconfliction.Rpc.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace Deconfliction.Rpc;

/// <summary>
/// An error with the details of AIP-193: says why in a form that programs read (<see cref="ErrorInfo"/>), which field
/// (<see cref="BadRequest"/>), and when to come back (<see cref="RetryInfo"/>).
/// <code>throw RichError.InvalidArgument("…").WithInfo("BAD_KIND").WithField("identifier.kind", "…").ToException();</code>
/// </summary>
public sealed class RichError
{
    /// <summary>The domain of the grid's own reasons.</summary>
    public const string DefaultDomain = "deconfliction";

    private readonly StatusCode _code;
    private readonly string _message;
    private ErrorInfo? _info;
    private BadRequest? _badRequest;
    private RetryInfo? _retry;
    private ResourceInfo? _resource;

    private RichError(StatusCode code, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (code == StatusCode.OK)
        {
            throw new ArgumentOutOfRangeException(nameof(code), "OK is no error.");
        }

        _code = code;
        _message = message;
    }

    /// <summary>An error of any code.</summary>
    public static RichError Of(StatusCode code, string message) => new(code, message);

    /// <summary>INVALID_ARGUMENT.</summary>
    public static RichError InvalidArgument(string message) => new(StatusCode.InvalidArgument, message);

    /// <summary>NOT_FOUND.</summary>
    public static RichError NotFound(string message) => new(StatusCode.NotFound, message);

    /// <summary>ALREADY_EXISTS.</summary>
    public static RichError AlreadyExists(string message) => new(StatusCode.AlreadyExists, message);

    /// <summary>PERMISSION_DENIED.</summary>
    public static RichError PermissionDenied(string message) => new(StatusCode.PermissionDenied, message);

    /// <summary>UNAUTHENTICATED.</summary>
    public static RichError Unauthenticated(string message) => new(StatusCode.Unauthenticated, message);

    /// <summary>RESOURCE_EXHAUSTED.</summary>
    public static RichError ResourceExhausted(string message) => new(StatusCode.ResourceExhausted, message);

    /// <summary>FAILED_PRECONDITION.</summary>
    public static RichError FailedPrecondition(string message) => new(StatusCode.FailedPrecondition, message);

    /// <summary>ABORTED.</summary>
    public static RichError Aborted(string message) => new(StatusCode.Aborted, message);

    /// <summary>OUT_OF_RANGE.</summary>
    public static RichError OutOfRange(string message) => new(StatusCode.OutOfRange, message);

    /// <summary>UNIMPLEMENTED.</summary>
    public static RichError Unimplemented(string message) => new(StatusCode.Unimplemented, message);

    /// <summary>UNAVAILABLE.</summary>
    public static RichError Unavailable(string message) => new(StatusCode.Unavailable, message);

    /// <summary>DEADLINE_EXCEEDED.</summary>
    public static RichError DeadlineExceeded(string message) => new(StatusCode.DeadlineExceeded, message);

    /// <summary>INTERNAL.</summary>
    public static RichError Internal(string message) => new(StatusCode.Internal, message);

    /// <summary>The reason, in UPPER_SNAKE_CASE, unique in its domain, with facts that programs read.</summary>
    public RichError WithInfo(string reason, string domain = DefaultDomain, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        _info = new ErrorInfo { Reason = reason, Domain = domain };
        foreach (var (key, value) in metadata ?? [])
        {
            _info.Metadata[key] = value;
        }

        return this;
    }

    /// <summary>A field that is wrong, by its path (<c>identifier.value</c>), and the remedy. May be said of several fields.</summary>
    public RichError WithField(string field, string description, string reason = "")
    {
        _badRequest ??= new BadRequest();
        _badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description, Reason = reason });
        return this;
    }

    /// <summary>The same call may succeed after <paramref name="delay"/>.</summary>
    public RichError WithRetry(TimeSpan delay)
    {
        _retry = new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) };
        return this;
    }

    /// <summary>The thing that the error is about.</summary>
    public RichError WithResource(string type, string name, string owner = "", string description = "")
    {
        _resource = new ResourceInfo { ResourceType = type, ResourceName = name, Owner = owner, Description = description };
        return this;
    }

    /// <summary>The exception to throw.</summary>
    public RpcException ToException(Exception? innerException = null)
    {
        var status = new Google.Rpc.Status { Code = (int)_code, Message = _message };
        foreach (var detail in new IMessage?[] { _info, _badRequest, _retry, _resource })
        {
            if (detail is not null)
            {
                status.Details.Add(Any.Pack(detail));
            }
        }

        var trailers = new Metadata();
        if (status.Details.Count > 0)
        {
            trailers.Add(MetadataHeaders.StatusDetails, status.ToByteArray());
        }

        return new RpcException(new Status(_code, _message), trailers, innerException);
    }
}
