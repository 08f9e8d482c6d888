using System.Collections.Frozen;

namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>An operator's list, read and ready to be asked.</summary>
internal sealed class WarningList
{
    private readonly FrozenSet<IdentifierKind> kinds;
    private readonly Func<Identifier, bool> holds;

    public WarningList(string name, string type, IReadOnlyCollection<IdentifierKind> kinds, IReadOnlyList<string> entries, Func<Identifier, bool> holds)
    {
        Name = name;
        Type = type;
        Entries = entries;
        Hazard = new Hazard("OPERATOR_LIST", $"The identifier is on the operator's list '{Excerpt.Cut(name, 100)}'.");
        this.kinds = kinds.ToFrozenSet();
        this.holds = holds;
    }

    public string Name { get; }

    public string Type { get; }

    public IReadOnlyList<string> Entries { get; }

    /// <summary>The kinds that the list is for, in the order of their numbers.</summary>
    public IEnumerable<IdentifierKind> Kinds => kinds.Order();

    public Hazard Hazard { get; }

    public bool Holds(Identifier identifier) => kinds.Contains(identifier.Kind) && holds(identifier);
}
