using System.Net;
using Deconfliction.Server.Options;

namespace Deconfliction.Server.Hosting;

/// <summary>What a start prints: where the server is, and what to type next.</summary>
internal static class Welcome
{
    public static string Text(ServerHost host, ServerOptions options)
    {
        var store = options.Store == StoreKind.Postgres ? "PostgreSQL" : $"SQLite, {options.StoreFile}";
        var text = new System.Text.StringBuilder()
            .Append($"{host.Program} is ready.\n")
            .Append($"  agencies connect to  {Shown(host.Address)}\n")
            .Append($"  operations pages     {host.SignInLink}\n")
            .Append("                       (signs in one operator, once, within a day)\n")
            .Append($"  health               {host.OpsAddress}health/ready\n")
            .Append($"  store                {store}\n");
        if (!host.IssuesCertificates)
        {
            return text
                .Append($"  authority            outside; the operator is the agency '{Gateway.Identity.FirstOperator.Id}' of its trust domain\n")
                .Append($"  server known by      {host.Pki.AuthorityFile}\n")
                .ToString();
        }

        text.Append($"  operator identity    {host.Pki.OperatorFile}{(host.OperatorWritten ? " (new; keep it safe)" : "")}\n");
        text.Append($"  keys, not in backups {options.KeysFolder}\n");
        if (host.OperatorWritten)
        {
            var server = ServerOf(host.Address) is var address && address == "https://localhost:7443" ? "" : $" --server {address}";
            text.Append("Next, in another terminal, add an agency:\n")
                .Append($"  dotnet run --project src/Deconfliction.Cli -- --identity {host.Pki.OperatorFile} --ca {host.Pki.AuthorityFile}{server} \\\n")
                .Append("    agency add alpha --name \"Alpha police\" --role LAW_ENFORCEMENT --contact \"duty desk, +33 1 23 45 67 89\" --out alpha.pem\n");
        }

        return text.ToString();
    }

    /// <summary>What a command on this machine gives as its server: the name that is in the certificate, wherever that reaches the address.</summary>
    internal static string ServerOf(Uri address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && !IPAddress.IsLoopback(ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)
            ? Shown(address)
            : $"https://localhost:{address.Port}";

    private static string Shown(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
