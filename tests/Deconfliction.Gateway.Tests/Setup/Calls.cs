using Deconfliction.Gateway.Access;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf;
using Google.Rpc;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>Calls by message type: every method of deconfliction.v1 has a request type of its own.</summary>
internal static class Calls
{
    public static RpcMethod<TRequest, TResponse> Method<TRequest, TResponse>()
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        RpcMethod.From<TRequest, TResponse>(
            MethodAccess.Services.SelectMany(service => service.Methods).Single(method => method.InputType.ClrType == typeof(TRequest)));

    public static Task<TResponse> CallAsync<TRequest, TResponse>(
        this RpcChannel channel, TRequest request, RpcCallOptions? options = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        channel.UnaryAsync(Method<TRequest, TResponse>(), request, options);

    /// <summary>A call that must fail.</summary>
    public static async Task<RpcException> FailAsync<TRequest, TResponse>(this RpcChannel channel, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        await Assert.ThrowsAsync<RpcException>(() => channel.CallAsync<TRequest, TResponse>(request));

    public static string Reason(this RpcException exception) => exception.GetErrorInfo()?.Reason ?? "";

    public static IEnumerable<string> Fields(this RpcException exception) =>
        (exception.GetBadRequest() ?? new BadRequest()).FieldViolations.Select(violation => violation.Field);

    public static string NewId() => Guid.NewGuid().ToString();

    /// <summary>A claim on a value nobody else uses, unless one is given.</summary>
    public static CreateClaimRequest Claim(this TestAgency agency, string? value = null, string kind = "ip", string caseReference = "case-1") => new()
    {
        RequestId = NewId(),
        RequestedBy = agency.Officer,
        Claim = new ClaimInput
        {
            Identifier = new IdentifierInput { Kind = kind, Value = value ?? UnusedAddress() },
            CaseReference = caseReference,
        },
    };

    public static async Task<CreateClaimResponse> ClaimAsync(this TestAgency agency, string? value = null, string caseReference = "case-1") =>
        await agency.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(agency.Claim(value, caseReference: caseReference));

    public static CheckRequest Check(this TestAgency agency, string value) => new()
    {
        RequestId = NewId(),
        RequestedBy = agency.Officer,
        Identifier = new IdentifierInput { Kind = "ip", Value = value },
        CaseReference = "case-1",
        Purpose = "a test",
    };

    private static int s_address;

    public static string UnusedAddress()
    {
        var number = Interlocked.Increment(ref s_address);
        return $"20.{number / 65_536 % 256}.{number / 256 % 256}.{number % 256}";
    }
}
