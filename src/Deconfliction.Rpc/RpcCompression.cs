namespace Deconfliction.Rpc;

/// <summary>How messages are compressed on their way.</summary>
public enum RpcCompression
{
    /// <summary>Not.</summary>
    None,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,
}
