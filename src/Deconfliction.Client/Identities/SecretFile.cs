namespace Deconfliction.Client.Identities;

/// <summary>Writes files that hold a private key: readable by their owner only, and never half-written.</summary>
public static class SecretFile
{
    /// <summary>Creates a file that must not be there yet. Nobody but the owner can open it at any moment.</summary>
    /// <exception cref="IOException">The file is there, or cannot be written.</exception>
    public static void Create(string path, string content)
    {
        var file = new FileStream(path, OwnerOnly(FileMode.CreateNew));
        try
        {
            using (file)
            {
                Write(file, content);
            }
        }
        catch
        {
            // Such as for want of room: what is left would be taken for a key.
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Puts new content in the place of a file's, in one step: a reader sees the old or the new, never a part.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Replace(string path, string content)
    {
        // The new file must lie in the same folder: only a rename within one file system is atomic.
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        var fresh = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            Create(fresh, content);
            File.Move(fresh, target, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    private static FileStreamOptions OwnerOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static void Write(FileStream file, string content)
    {
        file.Write(System.Text.Encoding.UTF8.GetBytes(content));
        file.Flush(flushToDisk: true);
    }
}
