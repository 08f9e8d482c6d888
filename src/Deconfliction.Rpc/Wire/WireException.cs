using System.Globalization;
using Google.Protobuf;

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
/// The peer's bytes are not a message. Internal: a server answers with INVALID_ARGUMENT or RESOURCE_EXHAUSTED, a reason and the
/// remedy, a client reports INTERNAL or RESOURCE_EXHAUSTED, each at its own edge.
/// </summary>
internal sealed class WireException(WireFault fault, string description, string remedy, Exception? inner = null)
    : Exception($"{description} {remedy}", inner)
{
    private readonly Dictionary<string, string> _facts = new(StringComparer.Ordinal) { ["remedy"] = remedy };

    public WireFault Fault { get; } = fault;

    public string Remedy { get; } = remedy;

    /// <summary>What programs read: the remedy, and the limit where the message is over one.</summary>
    public IReadOnlyDictionary<string, string> Facts => _facts;

    /// <summary>The message, where it is whole and only some of its text cannot be read.</summary>
    public IMessage? Received { get; private init; }

    /// <summary>Paths of the fields at fault; none where it is the message.</summary>
    public IReadOnlyList<string> Fields { get; private init; } = [];

    public static WireException ReservedFlag() => new(
        WireFault.ReservedFlag,
        "The first byte of a message is neither 0 (plain) nor 1 (compressed).",
        "Send length-prefixed messages as gRPC's PROTOCOL-HTTP2 describes.");

    public static WireException TooLarge(long bytes, int limitBytes) =>
        OverLimit($"A message of {bytes} bytes is over the limit of {limitBytes} bytes.", limitBytes);

    public static WireException TooLargeUnpacked(int limitBytes) =>
        OverLimit($"A message is over the limit of {limitBytes} bytes when decompressed.", limitBytes);

    public static WireException Truncated(long bytes) => new(
        WireFault.Truncated,
        $"The stream ended in the middle of a message, {bytes} bytes into it.",
        "Send each message whole before the end of the stream.");

    public static WireException CompressedWithoutEncoding() => new(
        WireFault.CompressedWithoutEncoding,
        "A message is marked compressed, but grpc-encoding names no compression.",
        "Send grpc-encoding: gzip, or the message plain.");

    public static WireException BadCompression(Exception inner) => new(
        WireFault.BadCompression, "A message marked compressed is not valid gzip.", "Compress each message by itself.", inner);

    public static WireException Malformed(string message, Exception inner) => new(
        WireFault.Malformed, $"The bytes are not a {message}.", "Check that both sides use the same .proto files.", inner);

    public static WireException InvalidUtf8(IMessage received, IReadOnlyList<string> fields) => new(
        WireFault.InvalidUtf8, $"The text of {fields[0]} in {received.Descriptor.Name} is not UTF-8.", "Encode all text in UTF-8.")
    {
        Received = received,
        Fields = fields,
    };

    private static WireException OverLimit(string description, int limitBytes)
    {
        var error = new WireException(WireFault.TooLarge, description, "Split it into messages within the limit, or raise the receiver's.");
        error._facts["limit_bytes"] = limitBytes.ToString(CultureInfo.InvariantCulture);
        return error;
    }
}
