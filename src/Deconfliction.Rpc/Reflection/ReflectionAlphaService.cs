using Google.Protobuf;
using Grpc.Reflection.V1Alpha;
using V1 = Grpc.Reflection.V1;

namespace Deconfliction.Rpc.Reflection;

/// <summary>grpc.reflection.v1alpha, which older tools speak: v1 byte for byte under another name.</summary>
internal sealed class ReflectionAlphaService(ReflectionService reflection)
{
    public async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requests,
        IServerStreamWriter<ServerReflectionResponse> responses,
        ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
        {
            var answer = reflection.Answer(V1.ServerReflectionRequest.Parser.ParseFrom(requests.Current.ToByteString()));
            await responses.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString()), context.CancellationToken);
        }
    }
}
