using System.Text;

namespace Deconfliction.Cli.Identities;

/// <summary>An identity file: the certificate first, then its key, then the authority by which the server is known.</summary>
internal static class IdentityPem
{
    public static string Text(string certificate, string key, string authority) =>
        string.Concat(new[] { certificate, key, authority }.Where(part => part.Length > 0).Select(part => part.TrimEnd() + "\n"));

    public static byte[] Bytes(string certificate, string key, string authority) => Encoding.UTF8.GetBytes(Text(certificate, key, authority));
}
