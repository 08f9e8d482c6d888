using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Import;

/// <summary>An ImportClaims call on the wire.</summary>
internal sealed class RpcImportStream(RpcDuplexStream<ImportClaimsRequest, ImportClaimsResponse> call) : IImportStream
{
    public async Task WriteAsync(ImportClaimsRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(request, cancellationToken);
        }
        catch (RpcException problem)
        {
            throw Caller.Told(problem, cancellationToken);
        }
    }

    public async Task CompleteAsync()
    {
        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException problem)
        {
            throw Caller.Told(problem, CancellationToken.None);
        }
    }

    public async Task<ImportClaimsResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current : null;
        }
        catch (RpcException problem)
        {
            throw Caller.Told(problem, cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        call.Dispose();
        return ValueTask.CompletedTask;
    }
}
