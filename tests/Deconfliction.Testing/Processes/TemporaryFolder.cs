namespace Deconfliction.Testing.Processes;

/// <summary>A folder that goes with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes it.</summary>
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("deconfliction-").FullName;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>A path inside it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
