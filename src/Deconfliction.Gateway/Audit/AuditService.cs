using System.Buffers.Binary;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Paging;
using Deconfliction.Grid;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Gateway.Audit;

/// <summary>deconfliction.v1.AuditService: the audit record, for auditors.</summary>
internal sealed class AuditService(IGrid grid, PageTokens tokens)
{
    private const int CursorLength = 3 * sizeof(long);

    public async Task<ListAuditEntriesResponse> ListAuditEntries(ListAuditEntriesRequest request, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var faults = new Faults();
        var size = Pages.Size(request.PageSize, faults);
        faults.Optional("case_reference", request.CaseReference, Limits.CaseReference);
        AgencyId? agency = request.Agency.Length > 0 ? AgencyReader.Id(request.Agency, faults) : null;
        var from = Moment("from", request.From, faults);
        var until = Moment("until", request.Until, faults);
        faults.ThrowIfAny();
        var filter = new ListAuditEntriesRequest
        {
            Agency = request.Agency, CaseReference = request.CaseReference, From = request.From, Until = request.Until,
        };
        var query = new AuditQuery(
            After(request.PageToken, caller.Agency, filter),
            size,
            agency,
            request.CaseReference.Length > 0 ? request.CaseReference : null,
            from,
            until);
        var entries = await grid.ListAuditAsync(query, RequestContexts.Read(caller), context.CancellationToken);
        var response = new ListAuditEntriesResponse();
        var room = new MessageRoom();
        foreach (var view in entries.Select(AuditViews.Of).TakeWhile(room.Take))
        {
            response.Entries.Add(view);
        }

        if (entries.Count == size || response.Entries.Count < entries.Count)
        {
            response.NextPageToken = tokens.Make(caller.Agency, PageMethods.ListAuditEntries, filter, Place(entries[response.Entries.Count - 1]));
        }

        return response;
    }

    public async Task<VerifyAuditResponse> VerifyAudit(VerifyAuditRequest request, ServerCallContext context)
    {
        _ = request;
        var found = await grid.VerifyAuditAsync(RequestContexts.Read(RequestContexts.CallerOf(context)), context.CancellationToken);
        return new VerifyAuditResponse
        {
            EntriesChecked = found.Entries,
            FirstFault = found.FirstBad is var (writer, number, problem)
                ? new AuditFault { Writer = writer.ToString(), Sequence = number, Problem = problem }
                : null,
        };
    }

    private AuditCursor? After(string token, AgencyId agency, ListAuditEntriesRequest filter)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var place = tokens.Read(token, agency, PageMethods.ListAuditEntries, filter);
        return place.Length == CursorLength
            ? new AuditCursor(
                new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(place), TimeSpan.Zero),
                BinaryPrimitives.ReadInt64BigEndian(place.AsSpan(8)),
                BinaryPrimitives.ReadInt64BigEndian(place.AsSpan(16)))
            : throw new ProblemException(Problems.InvalidPageToken);
    }

    private static byte[] Place(Ledger.Auditing.AuditEntry last)
    {
        var place = new byte[CursorLength];
        BinaryPrimitives.WriteInt64BigEndian(place, last.At.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(8), last.Writer);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(16), last.Number);
        return place;
    }

    private static DateTimeOffset? Moment(string field, Timestamp? timestamp, Faults faults) =>
        timestamp is null ? null : ClaimReader.Moment(field, timestamp, faults);
}
