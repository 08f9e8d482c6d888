using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.RealInput;

/// <summary>A test that needs <c>shared/data/ioc</c> beside the checkout, and says so where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealInputFactAttribute : FactAttribute
{
    /// <summary>Skips itself where the folder is absent.</summary>
    public RealInputFactAttribute()
    {
        if (Repository.RealInput is null)
        {
            Skip = "The real input (shared/data/ioc) is not beside this checkout.";
        }
    }
}
