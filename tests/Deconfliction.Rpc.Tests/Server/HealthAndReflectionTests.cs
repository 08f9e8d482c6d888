using Google.Protobuf.Reflection;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;
using Alpha = Grpc.Reflection.V1Alpha;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using WireStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Rpc.Tests.Server;

[Collection(ServerFixture.Collection)]
public sealed class HealthAndReflectionTests(ServerFixture fixture)
{
    private static readonly ServiceDescriptor s_health = HealthReflection.Descriptor.FindTypeByName<ServiceDescriptor>("Health");

    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> s_check =
        RpcMethod.From<HealthCheckRequest, HealthCheckResponse>(s_health.FindMethodByName("Check"));

    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> s_watch =
        RpcMethod.From<HealthCheckRequest, HealthCheckResponse>(s_health.FindMethodByName("Watch"));

    private static readonly RpcMethod<ServerReflectionRequest, ServerReflectionResponse> s_reflect =
        RpcMethod.From<ServerReflectionRequest, ServerReflectionResponse>(
            ReflectionReflection.Descriptor.FindTypeByName<ServiceDescriptor>("ServerReflection").FindMethodByName("ServerReflectionInfo"));

    private static readonly RpcMethod<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse> s_reflectAlpha =
        RpcMethod.From<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse>(
            Alpha.ReflectionReflection.Descriptor.FindTypeByName<ServiceDescriptor>("ServerReflection").FindMethodByName("ServerReflectionInfo"));

    private HealthState State => fixture.Server.Services.GetRequiredService<HealthState>();

    [Fact]
    public async Task Check_TellsWhatTheServerSet()
    {
        State.Set("a.Service", ServingStatus.Serving);
        Assert.Equal(WireStatus.Serving, await CheckAsync("a.Service"));
        State.Set("a.Service", ServingStatus.NotServing);
        Assert.Equal(WireStatus.NotServing, await CheckAsync("a.Service"));
        var error = await Assert.ThrowsAsync<RpcException>(() => CheckAsync("no.Service"));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Watch_TellsEachChange()
    {
        using var call = fixture.Channel.ServerStream(s_watch, new HealthCheckRequest { Service = "watched.Service" });
        Assert.Equal(WireStatus.ServiceUnknown, await NextAsync());
        State.Set("watched.Service", ServingStatus.Serving);
        Assert.Equal(WireStatus.Serving, await NextAsync());
        State.Set("other.Service", ServingStatus.Serving);
        State.Set("watched.Service", ServingStatus.NotServing);
        Assert.Equal(WireStatus.NotServing, await NextAsync());

        async Task<WireStatus> NextAsync()
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
            return call.ResponseStream.Current.Status;
        }
    }

    [Fact]
    public async Task Reflection_ListsTheServices()
    {
        var answer = (await ReflectAsync(new ServerReflectionRequest { ListServices = "" })).Single();
        Assert.Equal(
            ["deconfliction.rpc.testing.Probe", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "grpc.testing.TestService"],
            answer.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Theory]
    [InlineData("grpc.testing.TestService")]
    [InlineData("grpc.testing.TestService.UnaryCall")]
    public async Task Reflection_GivesTheFileOfASymbolWithItsImports(string symbol)
    {
        var answer = (await ReflectAsync(new ServerReflectionRequest { FileContainingSymbol = symbol })).Single();
        var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToList();
        Assert.Equal("grpc/testing/test.proto", files[0].Name);
        Assert.Equal(["grpc/testing/empty.proto", "grpc/testing/messages.proto"], files.Skip(1).Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reflection_AnswersErrorsInBand()
    {
        var answers = await ReflectAsync(
            new ServerReflectionRequest { FileContainingSymbol = "no.Such" },
            new ServerReflectionRequest { FileByFilename = "no.proto" },
            new ServerReflectionRequest { FileContainingExtension = new ExtensionRequest { ContainingType = "grpc.testing.Empty", ExtensionNumber = 7 } },
            new ServerReflectionRequest { AllExtensionNumbersOfType = "no.Such" },
            new ServerReflectionRequest(),
            new ServerReflectionRequest { AllExtensionNumbersOfType = "grpc.testing.Empty" },
            new ServerReflectionRequest { FileByFilename = "grpc/testing/messages.proto" });
        Assert.Equal([5, 5, 5, 5, 3], answers.Take(5).Select(answer => answer.ErrorResponse.ErrorCode));
        Assert.Empty(answers[5].AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Single(answers[6].FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task Reflection_SpeaksV1AlphaToo()
    {
        using var call = fixture.Channel.DuplexStream(s_reflectAlpha);
        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { FileByFilename = "grpc/testing/test.proto" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(3, call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto.Count);
    }

    private async Task<WireStatus> CheckAsync(string service) =>
        (await fixture.Channel.UnaryAsync(s_check, new HealthCheckRequest { Service = service })).Status;

    private async Task<List<ServerReflectionResponse>> ReflectAsync(params ServerReflectionRequest[] requests)
    {
        using var call = fixture.Channel.DuplexStream(s_reflect);
        foreach (var request in requests)
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        var answers = new List<ServerReflectionResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        return answers;
    }
}
