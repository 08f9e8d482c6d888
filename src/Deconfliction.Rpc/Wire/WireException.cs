namespace Deconfliction.Rpc.Wire;

/// <summary>What is wrong with what the peer sent.</summary>
internal enum WireFault
{
    ReservedFlag,
    TooLarge,
    Truncated,
    CompressedWithoutEncoding,
    BadCompression,
    Malformed,
    InvalidUtf8,
}

/// <summary>
/// The peer's bytes are not a message. Internal: a server answers with INVALID_ARGUMENT or RESOURCE_EXHAUSTED and a reason, a
/// client reports INTERNAL or RESOURCE_EXHAUSTED, each at its own edge.
/// </summary>
internal sealed class WireException(WireFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public WireFault Fault { get; } = fault;

    public static WireException ReservedFlag() => new(
        WireFault.ReservedFlag,
        "The first byte of a message is neither 0 (plain) nor 1 (compressed). Send length-prefixed messages as gRPC's PROTOCOL-HTTP2 describes.");

    public static WireException TooLarge(long bytes, int maxBytes) => new(
        WireFault.TooLarge,
        $"A message of {bytes} bytes is over the limit of {maxBytes} bytes. Send less at once, or raise the receiver's message limit.");

    public static WireException TooLargeUnpacked(int maxBytes) => new(
        WireFault.TooLarge,
        $"A message is over the limit of {maxBytes} bytes when decompressed. Send less at once, or raise the receiver's message limit.");

    public static WireException Truncated(long bytes) => new(
        WireFault.Truncated,
        $"The stream ended in the middle of a message, {bytes} bytes into it. Send each message whole before the end of the stream.");

    public static WireException CompressedWithoutEncoding() => new(
        WireFault.CompressedWithoutEncoding,
        "A message is marked compressed, but grpc-encoding names no compression. Send grpc-encoding: gzip, or the message plain.");

    public static WireException BadCompression(Exception inner) => new(
        WireFault.BadCompression, "A message marked compressed is not valid gzip. Compress each message by itself.", inner);
}
