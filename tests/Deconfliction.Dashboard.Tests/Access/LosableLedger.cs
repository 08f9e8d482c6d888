using System.Reflection;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Dashboard.Tests.Access;

/// <summary>A ledger with what the pages read of it.</summary>
public interface IPageLedger : ILedger, ILedgerInsight;

/// <summary>How a call loses the database.</summary>
public enum Loss
{
    None,

    /// <summary>Before anything was written.</summary>
    Before,

    /// <summary>The write is lost with its answer.</summary>
    During,

    /// <summary>It is written, and the answer lost.</summary>
    After,
}

/// <summary>A real ledger whose database is lost at the moment that a test says.</summary>
public class LosableLedger : DispatchProxy
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private ILedger _inner = null!;

    /// <summary>Says of each call, by the method's name and what it is given, whether the database is lost at it.</summary>
    public Func<string, object?[], Loss> Loses { get; set; } = static (_, _) => Loss.None;

    /// <summary>One in front of a ledger, and the same as what the pages take.</summary>
    public static (IPageLedger Ledger, LosableLedger Losing) Of(ILedger inner)
    {
        var ledger = Create<IPageLedger, LosableLedger>();
        var losing = (LosableLedger)ledger;
        losing._inner = inner;
        return (ledger, losing);
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var loss = Loses(targetMethod!.Name, args ?? []);
        if (loss is Loss.Before)
        {
            throw new LedgerUnavailableException("It is away.");
        }

        if (loss is Loss.During)
        {
            throw new OutcomeUnknownException("No answer came.");
        }

        var result = targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        if (loss is Loss.After)
        {
            Assert.True(((Task)result!).Wait(s_limit));
            throw new OutcomeUnknownException("No answer came.");
        }

        return result;
    }
}
