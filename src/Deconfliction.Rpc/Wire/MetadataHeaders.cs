using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Deconfliction.Rpc.Wire;

/// <summary>Between metadata and HTTP header values.</summary>
internal static class MetadataHeaders
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Timeout = "grpc-timeout";
    public const string PreviousAttempts = "grpc-previous-rpc-attempts";
    public const string RetryPushback = "grpc-retry-pushback-ms";

    private static readonly string[] s_statusTexts = [.. Enumerable.Range(0, 17).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The protocol's own and HTTP's own headers, which are no custom metadata.</summary>
    public static bool IsReserved(string key) =>
        key.Length == 0
        || key[0] == ':'
        || (key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
            && !key.Equals(StatusDetails, StringComparison.OrdinalIgnoreCase)
            && !key.Equals(RetryPushback, StringComparison.OrdinalIgnoreCase)
            && !key.Equals(PreviousAttempts, StringComparison.OrdinalIgnoreCase))
        || key.Equals("content-type", StringComparison.OrdinalIgnoreCase)
        || key.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || key.Equals("content-encoding", StringComparison.OrdinalIgnoreCase)
        || key.Equals("te", StringComparison.OrdinalIgnoreCase)
        || key.Equals("host", StringComparison.OrdinalIgnoreCase)
        || key.Equals("connection", StringComparison.OrdinalIgnoreCase)
        || key.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase);

    public static string StatusText(StatusCode code) =>
        (int)code is >= 0 and < 17 and var number ? s_statusTexts[number] : ((int)code).ToString(CultureInfo.InvariantCulture);

    /// <summary>The header value of an entry: text as it is, bytes in base64 without padding.</summary>
    public static string Encode(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>Adds what a header says. Values of <c>-bin</c> keys may be joined by commas, padded or not.</summary>
    /// <returns>False where a value cannot be metadata.</returns>
    public static bool TryAdd(Metadata metadata, string key, string value)
    {
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                return false;
            }

            metadata.Add(key, value);
            return true;
        }

        foreach (var part in value.Split(','))
        {
            if (!TryDecode(part.AsSpan().Trim(), out var bytes))
            {
                return false;
            }

            metadata.Add(key, bytes);
        }

        return true;
    }

    public static bool TryDecode(ReadOnlySpan<char> base64, out byte[] bytes)
    {
        base64 = base64.TrimEnd('=');
        bytes = [];
        if (base64.Length % 4 == 1)
        {
            return false;
        }

        var padded = string.Concat(base64, "===".AsSpan(0, (4 - (base64.Length % 4)) % 4));
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        if (!Convert.TryFromBase64Chars(padded, buffer, out var written))
        {
            return false;
        }

        bytes = buffer.AsSpan(0, written).ToArray();
        return true;
    }
}
