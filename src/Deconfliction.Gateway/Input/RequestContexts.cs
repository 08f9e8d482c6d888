using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Keys;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf;
using AgencyRole = Deconfliction.Domain.Agencies.AgencyRole;

namespace Deconfliction.Gateway.Input;

/// <summary>Makes what goes with every question: who asks, for which officer, under which request id (rule 5).</summary>
internal sealed class RequestContexts(PayloadHasher hasher)
{
    /// <summary>The authenticated caller of a call.</summary>
    public static Caller CallerOf(ServerCallContext context) =>
        context.HttpContext.Features.Get<Caller>() ?? throw new InvalidOperationException("The call was not authenticated.");

    /// <summary>For a read.</summary>
    public static RequestContext Read(Caller caller) => new(caller, "", RequestId: null, PayloadHash: default);

    /// <summary>For a unary request that leaves a record. Adds what is wrong with its id and officer to <paramref name="faults"/>.</summary>
    public RequestContext Recorded<TRequest>(Caller caller, TRequest request, Faults faults, Lane lane = Lane.Interactive)
        where TRequest : IMessage, IRecordedRequest
    {
        var id = RequestId("request_id", request.RequestId, faults);
        RequestedBy(caller.Role, request.RequestedBy, faults);
        if (faults.Any)
        {
            return Read(caller);
        }

        // The hash is of what is asked for; the id is what it is kept under.
        var text = request.RequestId;
        request.RequestId = "";
        var hash = hasher.Hash(request.Descriptor.Name, request.RequestedBy, request);
        request.RequestId = text;
        return new RequestContext(caller, request.RequestedBy, id, hash, lane);
    }

    /// <summary>For a claim, alone or as an item of an import: the same request id and claim are the same request either way.</summary>
    public RequestContext Claiming(Caller caller, string requestedBy, Guid requestId, ClaimInput claim, Lane lane) =>
        new(caller, requestedBy, requestId, hasher.Hash("Claim", requestedBy, claim), lane);

    /// <summary>For a check in a stream, with the same hash as alone.</summary>
    public RequestContext Checking(Caller caller, CheckRequest check, Faults faults, Lane lane) =>
        Recorded(caller, check, faults, lane);

    /// <summary>Reads a request id (RFC 9562 text form).</summary>
    public static Guid RequestId(string field, string text, Faults faults)
    {
        if (text.Length == 0)
        {
            faults.Add(field, "MISSING_REQUEST_ID", "The request id is missing.", "Give a new UUID; repeat it only to repeat the same request.");
        }
        else if (!Guid.TryParseExact(text, "D", out var id) || id == Guid.Empty)
        {
            faults.Add(field, "INVALID_UUID", "The request id is not a UUID.", "Give one such as 0198c0de-0000-7000-8000-000000000001, not all zeros.");
        }
        else
        {
            return id;
        }

        return Guid.Empty;
    }

    /// <summary>Reads the number of an object: a UUID.</summary>
    public static Guid ObjectId(string field, string text, Faults faults)
    {
        if (Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }

        faults.Add(
            field,
            text.Length == 0 ? "MISSING_" + field.ToUpperInvariant() : "INVALID_UUID",
            text.Length == 0 ? $"The {field} is missing." : $"The {field} is not a UUID.",
            "Give the UUID as the grid gave it.");
        return Guid.Empty;
    }

    /// <summary>The officer's reference: required of those who learn something of others.</summary>
    public static void RequestedBy(AgencyRole role, string text, Faults faults)
    {
        if (role.IsEntitledToHits())
        {
            faults.Required("requested_by", text, Limits.RequestedBy, "The officer's reference");
        }
        else
        {
            faults.Optional("requested_by", text, Limits.RequestedBy);
        }
    }
}
