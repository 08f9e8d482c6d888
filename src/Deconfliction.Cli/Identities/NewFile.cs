using Deconfliction.Cli.Invocation;

namespace Deconfliction.Cli.Identities;

/// <summary>Files that must not be there yet: to overwrite one could destroy the only copy of a key.</summary>
internal static class NewFile
{
    /// <summary>Refuses a path that is taken.</summary>
    /// <exception cref="WrongUseException">It is.</exception>
    public static void Refuse(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw new WrongUseException(
                "FILE_EXISTS", $"'{path}' is there already and may hold a key.", "Name a file that does not exist yet, or move this one away.");
        }
    }

    /// <summary>Creates a file.</summary>
    /// <exception cref="WrongUseException">It is there already.</exception>
    public static FileStream Open(string path)
    {
        Refuse(path);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
    }
}
