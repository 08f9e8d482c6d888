using Deconfliction.Testing.Processes;

namespace Deconfliction.Build.Tests;

/// <summary>A test that needs the Orleans packages, and says so where the feed lacks them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OrleansFactAttribute : FactAttribute
{
    /// <summary>Skips itself where this checkout was built without the cluster edition.</summary>
    public OrleansFactAttribute()
    {
        if (File.Exists(Path.Combine(Repository.Root, "build", "Orleans", "obj", "left-out")))
        {
            Skip = "The feed does not have the Orleans packages, so the silo cannot be built here, with an error in it or without.";
        }
    }
}
