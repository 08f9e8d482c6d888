using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Overlaps;

/// <summary>OverlapService. Empty request_id and requested_by are filled in.</summary>
public sealed class OverlapClient
{
    private static readonly RpcMethod<GetOverlapRequest, GetOverlapResponse> Get = Method<GetOverlapRequest, GetOverlapResponse>("GetOverlap");
    private static readonly RpcMethod<ListOverlapsRequest, ListOverlapsResponse> List = Method<ListOverlapsRequest, ListOverlapsResponse>("ListOverlaps");
    private static readonly RpcMethod<AcknowledgeOverlapRequest, AcknowledgeOverlapResponse> Acknowledge =
        Method<AcknowledgeOverlapRequest, AcknowledgeOverlapResponse>("AcknowledgeOverlap");
    private static readonly RpcMethod<ResolveOverlapRequest, ResolveOverlapResponse> Resolve = Method<ResolveOverlapRequest, ResolveOverlapResponse>("ResolveOverlap");
    private static readonly RpcMethod<RequestContactRequest, RequestContactResponse> RequestContact =
        Method<RequestContactRequest, RequestContactResponse>("RequestContact");
    private static readonly RpcMethod<DiscloseOverlapRequest, DiscloseOverlapResponse> Disclose =
        Method<DiscloseOverlapRequest, DiscloseOverlapResponse>("DiscloseOverlap");

    private readonly Caller _caller;

    internal OverlapClient(Caller caller) => _caller = caller;

    /// <summary>Reads one overlap.</summary>
    /// <exception cref="GridException">NOT_FOUND if it does not exist or may not be seen; or the grid could not be asked.</exception>
    public async Task<OverlapPointer> GetAsync(string overlap, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(Get, new GetOverlapRequest { Overlap = overlap }, cancellationToken)).Overlap;

    /// <summary>Lists all overlaps that pass a filter, page by page as they are read. Page size and token of the filter are not used.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public IAsyncEnumerable<OverlapPointer> ListAsync(ListOverlapsRequest filter, CancellationToken cancellationToken) => Caller.PagesAsync<OverlapPointer>(
        async (size, token) =>
        {
            var page = filter.Clone();
            (page.PageSize, page.PageToken) = (size, token);
            var answer = await _caller.AskAsync(List, page, cancellationToken);
            return (answer.Overlaps, answer.NextPageToken);
        },
        cancellationToken);

    /// <summary>Says that the agency has seen an overlap.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<OverlapPointer> AcknowledgeAsync(AcknowledgeOverlapRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(Acknowledge, request, cancellationToken)).Overlap;

    /// <summary>Closes an overlap with an outcome.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<OverlapPointer> ResolveAsync(ResolveOverlapRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(Resolve, request, cancellationToken)).Overlap;

    /// <summary>Puts the agency's contact into the feed of the other side, or of a crowd's claimants.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public Task<RequestContactResponse> RequestContactAsync(RequestContactRequest request, CancellationToken cancellationToken) =>
        _caller.AskAsync(RequestContact, request, cancellationToken);

    /// <summary>Shows the agency's side of an overlap. It cannot be taken back.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<OverlapPointer> DiscloseAsync(DiscloseOverlapRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(Disclose, request, cancellationToken)).Overlap;

    private static RpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(string name)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        Caller.Method<TRequest, TResponse>(OverlapServiceReflection.Descriptor, name);
}
