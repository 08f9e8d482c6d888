using System.Runtime.CompilerServices;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Deconfliction.Client;

/// <summary>What all typed clients share: request ids, retries, pages, and errors in the grid's own words.</summary>
internal sealed class Caller(RpcChannel channel, GridClientOptions options)
{
    private const int PageSize = 1_000;

    public RpcChannel Channel => channel;

    public GridClientOptions Options => options;

    /// <summary>A method of the protocol. Every one is safe to repeat: it only reads, or carries a request_id.</summary>
    public static RpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(FileDescriptor file, string name)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        RpcMethod.From<TRequest, TResponse>(file.Services[0].FindMethodByName(name)).AsRetrySafe();

    /// <summary>Asks once and gets one answer.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (request is IRecordedRequest recorded)
        {
            Sign(recorded);
        }

        try
        {
            return await channel.UnaryAsync(method, request, cancellationToken: cancellationToken);
        }
        catch (RpcException problem)
        {
            throw Told(problem, cancellationToken);
        }
    }

    /// <summary>Reads page after page.</summary>
    /// <param name="ask">Asks for the page after a token, empty for the first, of a size.</param>
    public static async IAsyncEnumerable<TItem> PagesAsync<TItem>(
        Func<int, string, Task<(IEnumerable<TItem> Items, string Next)>> ask, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var token = "";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (items, next) = await ask(PageSize, token);
            foreach (var item in items)
            {
                yield return item;
            }

            token = next;
        }
        while (token.Length > 0);
    }

    /// <summary>The error in the grid's own words; the caller's own cancellation as such.</summary>
    public static Exception Told(RpcException problem, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(problem.Message, problem, cancellationToken)
            : new GridException(RpcErrors.Read(problem), problem);

    private void Sign(IRecordedRequest request)
    {
        if (request.RequestId.Length == 0)
        {
            request.RequestId = Guid.CreateVersion7().ToString();
        }

        if (request.RequestedBy.Length == 0)
        {
            request.RequestedBy = options.RequestedBy;
        }
    }
}
