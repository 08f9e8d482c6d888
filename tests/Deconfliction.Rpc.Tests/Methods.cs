using Deconfliction.Rpc.Tests.Probing;
using Grpc.Health.V1;
using Grpc.Testing;

namespace Deconfliction.Rpc.Tests;

/// <summary>The test services' methods as clients know them.</summary>
internal static class Methods
{
    public static readonly RpcMethod<Empty, Empty> EmptyCall =
        RpcMethod.From<Empty, Empty>(RpcTestServer.TestService.FindMethodByName("EmptyCall"));

    public static readonly RpcMethod<SimpleRequest, SimpleResponse> UnaryCall =
        RpcMethod.From<SimpleRequest, SimpleResponse>(RpcTestServer.TestService.FindMethodByName("UnaryCall"));

    public static readonly RpcMethod<StreamingOutputCallRequest, StreamingOutputCallResponse> OutputCall =
        RpcMethod.From<StreamingOutputCallRequest, StreamingOutputCallResponse>(RpcTestServer.TestService.FindMethodByName("StreamingOutputCall"));

    public static readonly RpcMethod<StreamingInputCallRequest, StreamingInputCallResponse> InputCall =
        RpcMethod.From<StreamingInputCallRequest, StreamingInputCallResponse>(RpcTestServer.TestService.FindMethodByName("StreamingInputCall"));

    public static readonly RpcMethod<StreamingOutputCallRequest, StreamingOutputCallResponse> FullDuplexCall =
        RpcMethod.From<StreamingOutputCallRequest, StreamingOutputCallResponse>(RpcTestServer.TestService.FindMethodByName("FullDuplexCall"));

    public static readonly RpcMethod<ProbeRequest, ProbeResponse> Ask =
        RpcMethod.From<ProbeRequest, ProbeResponse>(RpcTestServer.Probe.FindMethodByName("Ask"));

    public static readonly RpcMethod<ProbeRequest, ProbeResponse> Feed =
        RpcMethod.From<ProbeRequest, ProbeResponse>(RpcTestServer.Probe.FindMethodByName("Feed"));

    public static readonly RpcMethod<ProbeRequest, ProbeResponse> Collect =
        RpcMethod.From<ProbeRequest, ProbeResponse>(RpcTestServer.Probe.FindMethodByName("Collect"));

    public static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Watch = RpcMethod.From<HealthCheckRequest, HealthCheckResponse>(
        HealthReflection.Descriptor.FindTypeByName<Google.Protobuf.Reflection.ServiceDescriptor>("Health").FindMethodByName("Watch"));

    public static readonly RpcMethod<ProbeRequest, ProbeResponse> Talk =
        RpcMethod.From<ProbeRequest, ProbeResponse>(RpcTestServer.Probe.FindMethodByName("Talk"));
}
