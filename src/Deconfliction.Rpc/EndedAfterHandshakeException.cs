namespace Deconfliction.Rpc;

/// <summary>
/// The server ended a new connection after TLS stood and before it sent anything. Under TLS 1.3 this is how it refuses a client's certificate:
/// it judges it after the client's own handshake is over (RFC 8446, section 4.4.2.4). A server that dies at that moment looks the same.
/// It is found among the causes of an <see cref="RpcException"/>.
/// </summary>
public sealed class EndedAfterHandshakeException(Exception? cause) : IOException(Text, cause)
{
    private const string Text = "The server ended the connection as soon as TLS stood: it refused this side's certificate, or stopped at that moment.";
}
