using Deconfliction.Server.Options;

namespace Deconfliction.Silo.Options;

/// <summary>The options of the silo: those of the server, without a choice of store, and its own.</summary>
internal static class SiloOptionTable
{
    public static OptionTable All { get; } = new(
        """
        deconfliction-silo: one of the servers of a cluster that tells agencies that they work on the same identifier, and nothing else.

        Usage:
          deconfliction-silo [options]                          run a silo
          deconfliction-silo init [options]                     make the key ring and both authorities of a new cluster, and this silo's identity
          deconfliction-silo identity NAME --out FILE [options] issue the identity of another silo

        Backups are taken with deconfliction-server, which reads the same store: deconfliction-server backup FILE --store postgres --connection STRING.
        """,
        [
            .. OptionTable.Server.Options.Where(option => option.Name is not ("store" or "connection")),
            new("connection", "STRING", "", "PostgreSQL's connection string, the same for all silos. Required.", IsSecret: true),
            new("orleans-connection", "STRING", "", "Connection string of Orleans' tables, where they are not beside the ledger.", IsSecret: true),
            new("silo", "ADDRESS:PORT", "127.0.0.1:7411", "Where the other silos reach this one (mutual TLS among silos)."),
            new("silo-name", "NAME", "", "Its name, which its identity carries. Default silo-PORT."),
            new("cluster-id", "NAME", "deconfliction", "The cluster that it belongs to."),
            new("silo-identity", "FILE", "", "Its certificate and key for other silos. Default silos/NAME.pem beside the certificates."),
            new("silo-authority", "FILE", "", "The certificate of the silos' authority. Default silo-ca.pem among the certificates."),
            new("keys", "DIR", "", "Where the keys lie, the same for all silos. Default keys under --data."),
            new("pki", "DIR", "", "Where the certificates lie, the same for all silos. Default pki under --data."),
            new("out", "FILE", "", "With 'identity': where the identity is written."),
        ]);
}
