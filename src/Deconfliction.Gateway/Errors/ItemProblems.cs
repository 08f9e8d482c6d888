using System.Diagnostics;
using Deconfliction.Gateway.Input;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Errors;

/// <summary>What is wrong with items of streams.</summary>
internal static class ItemProblems
{
    /// <summary>The problem that an exception is for the one item that it came from.</summary>
    public static Problem Of(Exception exception, ILogger log, string method)
    {
        if (ProblemOf.Known(exception) is { } known)
        {
            return known;
        }

        GatewayLog.CallFailed(log, method, exception.GetType().FullName ?? "", new StackTrace(exception, fNeedFileInfo: false).ToString());
        return Problems.Internal;
    }

    /// <summary>A message holds a bounded number of items.</summary>
    /// <exception cref="ProblemException">There are more.</exception>
    public static void RequireCount(int count)
    {
        if (count > Limits.ItemsPerMessage)
        {
            throw new ProblemException(Problem.Invalid(
                [new Violation("items", "TOO_MANY_ITEMS", $"The message has {count} items.", $"Send at most {Limits.ItemsPerMessage} a message. Items of earlier messages have been answered.")]));
        }
    }
}
