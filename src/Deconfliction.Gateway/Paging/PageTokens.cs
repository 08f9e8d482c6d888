using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Keys;
using Google.Protobuf;

namespace Deconfliction.Gateway.Paging;

/// <summary>
/// Page tokens (AIP-158): a place in a list, authenticated together with the agency, method and filter that it was given for. They
/// carry no authority: what they lead to is asked for as the caller. Thread-safe.
/// </summary>
internal sealed class PageTokens(KeyRing ring)
{
    private const byte Format = 1;
    private const int MacLength = 16;
    private const int MaximumPlace = 128;
    private readonly byte[] _key = ring.DerivePageTokenKey();

    /// <summary>A token for the place after which the next page starts.</summary>
    /// <param name="agency">For whom.</param>
    /// <param name="method">Of which method.</param>
    /// <param name="filter">The request without page size and token.</param>
    /// <param name="place">The place.</param>
    public string Make(AgencyId agency, string method, IMessage filter, ReadOnlySpan<byte> place)
    {
        Span<byte> token = stackalloc byte[1 + MaximumPlace + MacLength];
        token[0] = Format;
        place.CopyTo(token[1..]);
        Authenticate(agency, method, filter, place, token[(1 + place.Length)..]);
        return Base64Url.EncodeToString(token[..(1 + place.Length + MacLength)]);
    }

    /// <summary>The place of a token.</summary>
    /// <exception cref="ProblemException">INVALID_PAGE_TOKEN: it was altered, or given to another agency, method or filter.</exception>
    public byte[] Read(string token, AgencyId agency, string method, IMessage filter)
    {
        if (!TryDecode(token, out var bytes))
        {
            throw new ProblemException(Problems.InvalidPageToken);
        }

        var place = bytes.AsSpan(1, bytes.Length - 1 - MacLength);
        Span<byte> expected = stackalloc byte[MacLength];
        Authenticate(agency, method, filter, place, expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(bytes.Length - MacLength))
            ? place.ToArray()
            : throw new ProblemException(Problems.InvalidPageToken);
    }

    private static bool TryDecode(string token, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (token.Length > 2 * (1 + MaximumPlace + MacLength) || !Base64Url.IsValid(token))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(token);
        // Only the one spelling that was given: unused bits and padding would make others of it.
        return bytes.Length >= 1 + MacLength
            && bytes.Length <= 1 + MaximumPlace + MacLength
            && bytes[0] == Format
            && string.Equals(Base64Url.EncodeToString(bytes), token, StringComparison.Ordinal);
    }

    private void Authenticate(AgencyId agency, string method, IMessage filter, ReadOnlySpan<byte> place, Span<byte> mac)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Append(hash, Encoding.ASCII.GetBytes(agency.Value));
        Append(hash, Encoding.ASCII.GetBytes(method));
        Append(hash, filter.ToByteArray());
        Append(hash, place);
        Span<byte> full = stackalloc byte[32];
        hash.GetHashAndReset(full);
        full[..MacLength].CopyTo(mac);
    }

    // Length first, so that no two different sequences give the same bytes.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
