using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Gateway.Identity;

/// <summary>The URIs among a certificate's subject alternative names (RFC 5280, section 4.2.1.6).</summary>
internal static class UriNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);

    /// <summary>All URIs, of all such extensions, in order.</summary>
    /// <exception cref="AsnContentException">An extension is not what it says.</exception>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        foreach (var extension in certificate.Extensions)
        {
            if (string.Equals(extension.Oid?.Value, SubjectAlternativeName, StringComparison.Ordinal))
            {
                Read(extension.RawData, uris);
            }
        }

        return uris;
    }

    /// <summary>An extension with one URI, to the letter: <see cref="Uri"/> would add a slash to a trust domain.</summary>
    public static X509Extension Build(string uri)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, s_uri);
        }

        return new X509Extension(SubjectAlternativeName, writer.Encode(), critical: false);
    }

    private static void Read(byte[] names, List<string> uris)
    {
        var reader = new AsnReader(names, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        while (sequence.HasData)
        {
            if (sequence.PeekTag().HasSameClassAndValue(s_uri))
            {
                uris.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, s_uri));
            }
            else
            {
                sequence.ReadEncodedValue();
            }
        }
    }
}
