using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;

namespace Deconfliction.Contract.Setup;

/// <summary>Calls without the typed client: streams message by message, pages token by token, health.</summary>
public static class Wire
{
    private static readonly FileDescriptor[] Files =
    [
        ClaimServiceReflection.Descriptor, CheckServiceReflection.Descriptor, OverlapServiceReflection.Descriptor, AlertServiceReflection.Descriptor,
        AgencyServiceReflection.Descriptor, AuditServiceReflection.Descriptor, HealthReflection.Descriptor,
    ];

    /// <summary>The first method with these messages.</summary>
    public static RpcMethod<TRequest, TResponse> Method<TRequest, TResponse>()
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        RpcMethod.From<TRequest, TResponse>(Files.SelectMany(file => file.Services[0].Methods).First(method => method.InputType.ClrType == typeof(TRequest)));

    /// <summary>One call.</summary>
    public static Task<TResponse> CallAsync<TRequest, TResponse>(this RpcChannel channel, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        channel.UnaryAsync(Method<TRequest, TResponse>(), request);

    /// <summary>One call that must fail: its status and its reason.</summary>
    public static async Task<(StatusCode Status, string Reason)> RefusalAsync<TRequest, TResponse>(this RpcChannel channel, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var problem = await Assert.ThrowsAsync<RpcException>(() => channel.CallAsync<TRequest, TResponse>(request));
        return (problem.StatusCode, problem.GetErrorInfo()?.Reason ?? "");
    }

    /// <summary>Imports claims as the items of one message, numbered from 0; every answer, by position.</summary>
    public static async Task<IReadOnlyList<ImportResult>> ImportAsync(this RpcChannel channel, params CreateClaimRequest[] claims)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var stream = channel.DuplexStream(Method<ImportClaimsRequest, ImportClaimsResponse>(), cancellationToken: limit.Token);
        var message = new ImportClaimsRequest { RequestedBy = Requests.Officer };
        message.Items.AddRange(claims.Select((claim, position) => new ImportItem
        {
            Position = position, Line = position + 2, RequestId = claim.RequestId, Claim = claim.Claim,
        }));
        await stream.RequestStream.WriteAsync(message, limit.Token);
        await stream.RequestStream.CompleteAsync();
        var results = new List<ImportResult>();
        while (await stream.ResponseStream.MoveNext(limit.Token))
        {
            results.AddRange(stream.ResponseStream.Current.Results);
        }

        return [.. results.OrderBy(result => result.Position)];
    }

    /// <summary>Checks in one stream, numbered from 0; every answer, by position.</summary>
    public static async Task<IReadOnlyList<CheckResult>> ChecksAsync(this RpcChannel channel, params CheckRequest[] checks)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var stream = channel.DuplexStream(Method<StreamChecksRequest, StreamChecksResponse>(), cancellationToken: limit.Token);
        var message = new StreamChecksRequest();
        message.Items.AddRange(checks.Select((check, position) => new CheckItem { Position = position, Check = check }));
        await stream.RequestStream.WriteAsync(message, limit.Token);
        await stream.RequestStream.CompleteAsync();
        var results = new List<CheckResult>();
        while (await stream.ResponseStream.MoveNext(limit.Token))
        {
            results.AddRange(stream.ResponseStream.Current.Results);
        }

        return [.. results.OrderBy(result => result.Position)];
    }

    /// <summary>Watches a node's health until the stream ends: what it was told, in order.</summary>
    public static async Task<IReadOnlyList<HealthCheckResponse.Types.ServingStatus>> WatchHealthAsync(this RpcChannel channel, TaskCompletionSource begun)
    {
        var watch = RpcMethod.From<HealthCheckRequest, HealthCheckResponse>(HealthReflection.Descriptor.Services[0].FindMethodByName("Watch"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var stream = channel.ServerStream(watch, new HealthCheckRequest(), cancellationToken: limit.Token);
        var told = new List<HealthCheckResponse.Types.ServingStatus>();
        try
        {
            while (await stream.ResponseStream.MoveNext(limit.Token))
            {
                told.Add(stream.ResponseStream.Current.Status);
                begun.TrySetResult();
            }
        }
        catch (RpcException ended) when (ended.StatusCode == StatusCode.Unavailable)
        {
            // So it ends where the node stops.
        }

        return told;
    }

    /// <summary>What a node says of its health over gRPC.</summary>
    public static async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(this RpcChannel channel, string service = "") =>
        (await channel.CallAsync<HealthCheckRequest, HealthCheckResponse>(new HealthCheckRequest { Service = service })).Status;
}
