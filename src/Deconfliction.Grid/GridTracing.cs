using System.Diagnostics;
using Deconfliction.Grid.Actors;

namespace Deconfliction.Grid;

/// <summary>Spans of turns and of the numbering of alerts: the part of a claim's way between the gateway and the ledger.</summary>
public static class GridTracing
{
    /// <summary>The activity source's name, for whoever exports it.</summary>
    public const string SourceName = "Deconfliction.Grid";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>The span of a turn, within that of the one who asked; nothing while nobody samples it.</summary>
    /// <param name="turn">What is asked; only its kind is kept.</param>
    /// <param name="asker">The asker's span: a host runs turns on whichever thread is free.</param>
    internal static Activity? StartTurn(Turn turn, ActivityContext asker)
    {
        var span = s_source.HasListeners()
            ? s_source.StartActivity("deconfliction.identifier.turn", ActivityKind.Internal, asker)
            : null;
        span?.SetTag("deconfliction.question", turn.Question.GetType().Name);
        return span;
    }

    /// <summary>The span of a numbering, within that of the turn that nudged.</summary>
    internal static Activity? StartNumbering() =>
        s_source.HasListeners() ? s_source.StartActivity("deconfliction.alert.number") : null;
}
