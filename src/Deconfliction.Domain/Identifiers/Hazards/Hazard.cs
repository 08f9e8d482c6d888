namespace Deconfliction.Domain.Identifiers;

/// <summary>Why an identifier means nothing by itself. Claims on it are kept; overlaps are held back.</summary>
/// <param name="Reason">A stable code in UPPER_SNAKE_CASE, such as <c>PUBLIC_RESOLVER</c>.</param>
/// <param name="Explanation">One sentence for those entitled to hits. It never holds the identifier.</param>
public sealed record Hazard(string Reason, string Explanation);
