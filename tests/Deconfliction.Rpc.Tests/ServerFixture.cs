namespace Deconfliction.Rpc.Tests;

/// <summary>One server for all tests that need no options of their own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const string Collection = "server";

    public TestPki Pki { get; } = new();

    public RpcTestServer Server { get; private set; } = null!;

    public RpcChannel Channel { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await RpcTestServer.StartAsync(Pki, options => options.ResponseCompression = RpcCompression.Gzip);
        Channel = Server.Channel();
    }

    public async Task DisposeAsync()
    {
        Channel.Dispose();
        await Server.DisposeAsync();
        Pki.Dispose();
    }
}

[CollectionDefinition(ServerFixture.Collection)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>;
