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
            .Append($"  health               {Shown(host.OpsAddress)}health/ready\n")
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
            var server = host.Address.Port == 7443 ? "" : $" --server https://localhost:{host.Address.Port}";
            text.Append("Next, in another terminal, add an agency:\n")
                .Append($"  dotnet run --project src/Deconfliction.Cli -- --identity {host.Pki.OperatorFile} --ca {host.Pki.AuthorityFile}{server} \\\n")
                .Append("    agency add alpha --name \"Alpha police\" --role LAW_ENFORCEMENT --contact \"duty desk, +33 1 23 45 67 89\" --out alpha.pem\n");
        }

        return text.ToString();
    }

    private static string Shown(Uri address) => address.GetLeftPart(UriPartial.Authority) + (address.Scheme == "http" ? "/" : "");
}
