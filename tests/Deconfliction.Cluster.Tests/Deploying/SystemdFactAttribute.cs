namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>A test that needs systemd's own checker of units, and says so where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    /// <summary>Skips itself where it is absent.</summary>
    public SystemdFactAttribute()
    {
        if (Program is null)
        {
            Skip = "The program systemd-analyze is not on this machine.";
        }
    }

    /// <summary>Where it lies, if it is there.</summary>
    public static string? Program { get; } = new[] { "/usr/bin/systemd-analyze", "/bin/systemd-analyze" }.FirstOrDefault(File.Exists);
}
