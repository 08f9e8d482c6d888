namespace Deconfliction.Ledger.Sqlite;

/// <summary>The store's folder and files: for their owner only.</summary>
internal static class SqliteStoreFiles
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder (mode 0700) if it is not there; one that is there keeps its mode.</summary>
    public static void CreateFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, FolderMode);
        }
    }

    /// <summary>Makes an empty file (mode 0600) if it is not there. SQLite gives its side files the mode of the store.</summary>
    public static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        if (!File.Exists(path))
        {
            new FileStream(path, options).Dispose();
        }
    }
}
