using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>Stands between the ledger and PostgreSQL, and cuts the connection at a COMMIT: before the server has it, or before its answer.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private int _cut;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public enum Cut
    {
        None,
        BeforeCommit,
        BeforeAnswer,
    }

    public string ConnectionString(string direct) => direct.Replace(
        string.Create(CultureInfo.InvariantCulture, $"Port={_serverPort}"),
        string.Create(CultureInfo.InvariantCulture, $"SSL Mode=Disable;Port={((IPEndPoint)_listener.LocalEndpoint).Port}"),
        StringComparison.Ordinal);

    /// <summary>The next COMMIT is cut.</summary>
    public void Arm(Cut cut) => Volatile.Write(ref _cut, (int)cut);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                lines.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _closing.Token);
                var down = server.GetStream().CopyToAsync(client.GetStream(), _closing.Token);
                await Task.WhenAny(UpAsync(client.GetStream(), server.GetStream()), down);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or IOException)
            {
                // Both ends are closed on the way out.
            }
        }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[256 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, _closing.Token)) > 0)
        {
            var cut = buffer.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0 ? (Cut)Interlocked.Exchange(ref _cut, (int)Cut.None) : Cut.None;
            if (cut == Cut.BeforeCommit)
            {
                return;
            }

            if (cut == Cut.BeforeAnswer)
            {
                // Nothing of the answer gets through: the way down ends with the client, the server works on what it has.
                from.Socket.Close();
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _closing.Token);
        }
    }
}
