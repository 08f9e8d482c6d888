using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Deconfliction.Rpc.Tests.Interop;

/// <summary>gRPC's interop cases, run by gRPC's own clients, each in its own process, over mutual TLS.</summary>
[Collection(ServerFixture.Collection)]
public sealed class RealClientInteropTests(ServerFixture fixture)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(45);
    private static readonly string s_interop = Path.Combine(Repository(), "tests", "interop");

    public static TheoryData<string> Cases =>
    [
        "empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong", "empty_stream", "custom_metadata",
        "status_code_and_message", "special_status_message", "unimplemented_method", "unimplemented_service", "cancel_after_begin",
        "cancel_after_first_response", "timeout_on_sleeping_server", "client_compressed_unary", "client_compressed_streaming",
        "server_compressed_unary", "server_compressed_streaming",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task GrpcJs(string name)
    {
        Assert.True(
            Directory.Exists(Path.Combine(s_interop, "js", "node_modules", "@grpc", "grpc-js")),
            "grpc-js is not installed. Run ./test, or tests/interop/install by itself.");
        return RunAsync(name, "node", Path.Combine(s_interop, "js", "client.js"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task PythonGrpcio(string name)
    {
        const string Python = "/usr/bin/python3";
        var (exit, _) = await StartAsync(Python, ["-c", "import grpc, google.protobuf"]);
        Assert.True(exit == 0, "The system's Python has no grpcio. Run ./test, or tests/interop/install by itself.");
        await RunAsync(name, Python, Path.Combine(s_interop, "python", "client.py"), await DescriptorsAsync());
    }

    private async Task RunAsync(string name, string program, string script, params string[] more)
    {
        var pki = fixture.Pki;
        var (exit, output) = await StartAsync(
            program, [script, name, fixture.Server.Address.Authority, pki.AuthorityFile, pki.ClientFile, pki.ClientKeyFile, .. more]);
        Assert.True(exit == 0 && output.Contains($"ok {name}", StringComparison.Ordinal), output);
    }

    /// <summary>The messages' descriptors, by the protoc that came with the build.</summary>
    private async Task<string> DescriptorsAsync()
    {
        var file = Path.Combine(fixture.Pki.Folder, "test.pb");
        if (!File.Exists(file))
        {
            var tools = typeof(RealClientInteropTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "GrpcTools").Value!;
            var platform = $"{(OperatingSystem.IsMacOS() ? "macosx" : "linux")}_{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
            var (exit, output) = await StartAsync(
                Path.Combine(tools, "tools", platform, "protoc"),
                ["-I", Path.Combine(s_interop, "protos"), "--include_imports", $"--descriptor_set_out={file}", "grpc/testing/test.proto"]);
            Assert.True(exit == 0, output);
        }

        return file;
    }

    private static async Task<(int Exit, string Output)> StartAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["GRPC_VERBOSITY"] = "ERROR";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} {string.Join(' ', arguments)} did not end within {s_limit.TotalSeconds} s.");
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Deconfliction.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository; Deconfliction.sln is in no folder above.");
    }
}
