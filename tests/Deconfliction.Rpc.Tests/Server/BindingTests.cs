using Deconfliction.Rpc.Tests.Probing;
using Microsoft.AspNetCore.Builder;

namespace Deconfliction.Rpc.Tests.Server;

/// <summary>What is wrong at start is told at start.</summary>
public sealed class BindingTests
{
    [Fact]
    public void Map_ClassThatLacksAMethod_NamesIt()
    {
        using var app = App();
        var error = Assert.Throws<InvalidOperationException>(() => app.MapRpcService<Partial>(RpcTestServer.Probe));
        Assert.Contains("deconfliction.rpc.testing.Probe.Feed", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Task Feed(ProbeRequest, IServerStreamWriter<ProbeResponse>, ServerCallContext)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_TheSameServiceTwice_IsRefused()
    {
        using var app = App();
        app.MapRpcService<ProbeService>(RpcTestServer.Probe);
        Assert.Throws<InvalidOperationException>(() => app.MapRpcService<ProbeService>(RpcTestServer.Probe));
    }

    [Fact]
    public void Map_WithoutAddRpc_SaysSo()
    {
        using var app = (IDisposable)WebApplication.CreateSlimBuilder().Build();
        var error = Assert.Throws<InvalidOperationException>(() => ((WebApplication)app).MapRpcService<ProbeService>(RpcTestServer.Probe));
        Assert.Contains("AddRpc", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_WithAnOptionOutOfRange_NamesIt()
    {
        using var app = App(options => options.MaxReceiveMessageBytes = 0);
        var error = Assert.Throws<InvalidOperationException>(() => app.MapRpcHealth());
        Assert.Contains("MaxReceiveMessageBytes is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Method_OfOtherTypes_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RpcMethod.From<ProbeResponse, ProbeRequest>(RpcTestServer.Probe.FindMethodByName("Ask")));
        Assert.Throws<ArgumentException>(() => RpcMethod.From<ProbeRequest, ProbeResponse>(RpcTestServer.Probe.FindMethodByName("Nothing")));
    }

    private static WebApplication App(Action<RpcServerOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRpc(configure);
        return builder.Build();
    }

    private sealed class Partial
    {
        public Task<ProbeResponse> Ask(ProbeRequest request, ServerCallContext context) => Task.FromResult(new ProbeResponse { Text = request.Key });
    }
}
