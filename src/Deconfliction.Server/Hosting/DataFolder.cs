using Deconfliction.Server.Options;

namespace Deconfliction.Server.Hosting;

/// <summary>The folder of <c>--data</c>.</summary>
internal static class DataFolder
{
    /// <summary>Makes it where it is not there, and sees that what is about to be made in it can be.</summary>
    /// <exception cref="StartException">It cannot.</exception>
    public static void Make(ServerOptions options)
    {
        try
        {
            Directory.CreateDirectory(options.Data);
            if (IsWritten(options))
            {
                using var trial = new FileStream(
                    Path.Combine(options.Data, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"--data is '{options.Data}': this user ({Environment.UserName}) cannot write there ({problem.Message.TrimEnd('.')}). "
                + "Give a folder of this user's, which is made where it is not there, or make this one over to it (chown).",
                problem, ExitStatus.WrongUse);
        }
    }

    // Keys and certificates that others have laid there may be all that it is for, and may be read-only.
    private static bool IsWritten(ServerOptions options) =>
        options.Store == StoreKind.Sqlite
        || (options.Keys is null && !Directory.Exists(options.KeysFolder)) || (options.Pki is null && !Directory.Exists(options.PkiFolder));
}
