using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Audit;

/// <summary>AuditService; for auditors.</summary>
public sealed class AuditClient
{
    private static readonly RpcMethod<ListAuditEntriesRequest, ListAuditEntriesResponse> List =
        Caller.Method<ListAuditEntriesRequest, ListAuditEntriesResponse>(AuditServiceReflection.Descriptor, "ListAuditEntries");
    private static readonly RpcMethod<VerifyAuditRequest, VerifyAuditResponse> Verify =
        Caller.Method<VerifyAuditRequest, VerifyAuditResponse>(AuditServiceReflection.Descriptor, "VerifyAudit");

    private readonly Caller _caller;

    internal AuditClient(Caller caller) => _caller = caller;

    /// <summary>Lists all entries that pass a filter, page by page as they are read. Page size and token of the filter are not used.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public IAsyncEnumerable<AuditEntry> ListAsync(ListAuditEntriesRequest filter, CancellationToken cancellationToken) => Caller.PagesAsync<AuditEntry>(
        async (size, token) =>
        {
            var page = filter.Clone();
            (page.PageSize, page.PageToken) = (size, token);
            var answer = await _caller.AskAsync(List, page, cancellationToken);
            return (answer.Entries, answer.NextPageToken);
        },
        cancellationToken);

    /// <summary>Recomputes the chain of every writer.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public Task<VerifyAuditResponse> VerifyAsync(CancellationToken cancellationToken) =>
        _caller.AskAsync(Verify, new VerifyAuditRequest(), cancellationToken);
}
