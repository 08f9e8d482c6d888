using Deconfliction.Rpc.Server;
using Google.Protobuf.Reflection;
using Grpc.Reflection.V1;
using Ask = Grpc.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace Deconfliction.Rpc.Reflection;

/// <summary>grpc.reflection.v1: tells clients which services there are and what their messages look like. Errors are answers.</summary>
internal sealed class ReflectionService(RpcServer server)
{
    private readonly Lazy<ReflectionIndex> _index = new(() => new ReflectionIndex(server.Services));

    public async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requests,
        IServerStreamWriter<ServerReflectionResponse> responses,
        ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
        {
            await responses.WriteAsync(Answer(requests.Current), context.CancellationToken);
        }
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Ask.FileByFilename:
                Files(response, _index.Value.FileByName(request.FileByFilename), "file");
                break;
            case Ask.FileContainingSymbol:
                Files(response, _index.Value.FileOf(request.FileContainingSymbol), "symbol");
                break;
            case Ask.FileContainingExtension:
                var extension = request.FileContainingExtension;
                Files(response, _index.Value.FileOfExtension(extension.ContainingType, extension.ExtensionNumber), "extension");
                break;
            case Ask.AllExtensionNumbersOfType:
                Extensions(response, request.AllExtensionNumbersOfType);
                break;
            case Ask.ListServices:
                response.ListServicesResponse = new ListServiceResponse();
                response.ListServicesResponse.Service.Add(_index.Value.Services.Select(name => new ServiceResponse { Name = name }));
                break;
            default:
                Error(response, StatusCode.InvalidArgument, "The request asks for nothing. Set one of message_request's fields.");
                break;
        }

        return response;
    }

    private static void Files(ServerReflectionResponse response, FileDescriptor? file, string what)
    {
        if (file is null)
        {
            Error(response, StatusCode.NotFound, $"No such {what} is served here. Ask list_services for what is.");
            return;
        }

        response.FileDescriptorResponse = new FileDescriptorResponse();
        response.FileDescriptorResponse.FileDescriptorProto.Add(ReflectionIndex.WithImports(file));
    }

    private void Extensions(ServerReflectionResponse response, string type)
    {
        if (_index.Value.ExtensionsOf(type) is not { } numbers)
        {
            Error(response, StatusCode.NotFound, "No such message type is served here. Ask list_services for what is.");
            return;
        }

        response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = type };
        response.AllExtensionNumbersResponse.ExtensionNumber.Add(numbers);
    }

    private static void Error(ServerReflectionResponse response, StatusCode code, string message) =>
        response.ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message };
}
