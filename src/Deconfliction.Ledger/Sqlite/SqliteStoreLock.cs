using System.Text;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>
/// Holds a store against other processes: an operating system's lock on <c>STORE.lock</c>, which ends with the process however
/// it ends, so that no stale lock is left. Who holds it stands in <c>STORE.holder</c>, because a locked file cannot be read by
/// others everywhere.
/// </summary>
internal sealed class SqliteStoreLock : IDisposable
{
    private readonly FileStream _file;

    private SqliteStoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock: alone, or shared with others that do not want it alone.</summary>
    /// <exception cref="StoreInUseException">Another process (or another ledger of this one) holds it.</exception>
    public static SqliteStoreLock Take(string storePath, bool exclusive, string holder, DateTimeOffset now)
    {
        var lockPath = storePath + ".lock";
        var holderPath = storePath + ".holder";
        SqliteStoreFiles.Create(lockPath);
        FileStream file;
        try
        {
            file = exclusive
                ? new FileStream(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
                : new FileStream(lockPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (IOException problem) when (problem is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new StoreInUseException(
                $"The store {storePath} is held by {ReadHolder(holderPath)}. Stop that process first, or choose another store.");
        }

        try
        {
            WriteHolder(holderPath, $"{holder} since {now:yyyy-MM-dd HH:mm:ss}Z");
            return new SqliteStoreLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    // In one step, so that who is refused reads the old text or the new one.
    private static void WriteHolder(string path, string text)
    {
        var next = path + ".new";
        SqliteStoreFiles.Create(next);
        File.WriteAllText(next, text, Encoding.UTF8);
        File.Move(next, path, overwrite: true);
    }

    private static string ReadHolder(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (IOException)
        {
            return "a process that has not said who it is";
        }
    }
}
