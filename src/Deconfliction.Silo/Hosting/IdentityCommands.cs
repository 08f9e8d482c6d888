using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Deconfliction.Server;
using Deconfliction.Server.Hosting;
using Deconfliction.Silo.Identity;
using Deconfliction.Silo.Options;

namespace Deconfliction.Silo.Hosting;

/// <summary>The subcommands that make what a cluster's silos share, and their identities. None of them needs a database.</summary>
internal static class IdentityCommands
{
    /// <summary>Makes the key ring, both authorities and this silo's identity; what is there already stays.</summary>
    public static string Init(SiloOptions options, TimeProvider time)
    {
        var server = options.Server;
        var folder = new KeyRingFolder(server.KeysFolder);
        var ring = folder.Load();
        var text = new System.Text.StringBuilder();
        if (ring is null)
        {
            ring = KeyRing.Create();
            folder.Save(ring);
            text.Append($"  key ring             {folder.RingFile} (new)\n");
        }

        var pki = new PkiFolder(server.PkiFolder, server.KeysFolder);
        using (pki.OpenAuthority(server.TrustDomain, ring, storeIsNew: true, time))
        {
            text.Append($"  agencies' authority  {pki.AuthorityFile}, {pki.AuthorityKeyFile}\n");
        }

        var isNew = SiloAuthority.Make(server.TrustDomain, server.PkiFolder, server.KeysFolder, time);
        text.Append($"  silos' authority     {options.AuthorityFile}, {SiloAuthority.KeyFile(server.KeysFolder)}{(isNew ? " (new)" : "")}\n");
        if (!File.Exists(options.IdentityFile))
        {
            Write(options, options.Name, options.IdentityFile, time);
        }

        return text.Append($"  identity of {options.Name}".PadRight(22) + $" {options.IdentityFile}\n")
            .Append("Every silo needs the key ring, both certificates of the authorities, and an identity of its own; the agencies' authority's key too.\n")
            .Append("The key of the silos' authority belongs where identities are issued, and nowhere else. None of the keys is in any backup.\n")
            .ToString();
    }

    /// <summary>Issues the identity of a silo.</summary>
    public static string Issue(SiloOptions options, string name, string file, TimeProvider time)
    {
        if (!SiloName.IsValid(name))
        {
            throw new StartException($"'{name}' is not the name of a silo; give {SiloName.Rule}.", exitStatus: ExitStatus.WrongUse);
        }

        if (File.Exists(file))
        {
            throw new PkiException($"{file} is there already. Name another file, or take it away first.");
        }

        Write(options, name, file, time);
        return $"{file} holds the certificate and the key of silo '{name}'. Keep it for that silo alone.\n";
    }

    private static void Write(SiloOptions options, string name, string file, TimeProvider time)
    {
        using var authority = SiloAuthority.Open(options.Server.TrustDomain, options.AuthorityFile, options.Server.KeysFolder, time);
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        OwnerOnlyFiles.Write(file, authority.Issue(name));
    }
}
