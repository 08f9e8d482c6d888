using System.Net;
using System.Net.Sockets;

namespace Deconfliction.Contract.Faults;

/// <summary>Passes bytes both ways between clients and a server, until it is told to swallow what the server says.</summary>
public sealed class SwallowingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _swallows;

    /// <summary>Listens, for a server on a port of loopback.</summary>
    public SwallowingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients reach it.</summary>
    public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>From now on the server is heard no more (or heard again).</summary>
    public void Swallow(bool swallows) => _swallows = swallows;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), mayBeSwallowed: false),
                    CopyAsync(server.GetStream(), client.GetStream(), mayBeSwallowed: true));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // A side is gone: so is the connection.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool mayBeSwallowed)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, _end.Token)) > 0)
        {
            if (!(mayBeSwallowed && _swallows))
            {
                await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
    }
}
