using Deconfliction.Domain.Identifiers.Hazards;

namespace Deconfliction.Domain.Identifiers;

/// <summary>
/// The identifiers that mean nothing by themselves: those built in, and the lists that an operator adds. Immutable; safe
/// to use from any thread.
/// </summary>
public sealed class HazardCatalogue
{
    private readonly WarningList[] lists;

    private HazardCatalogue(WarningList[] lists)
    {
        this.lists = lists;
        Fingerprint = CatalogueFingerprint.Of(lists);
    }

    /// <summary>The facts of RFCs, registries and public documentation, without any operator's list.</summary>
    public static HazardCatalogue BuiltIn { get; } = new([]);

    /// <summary>Lower-case hexadecimal, 64 digits; another one whenever the lists hold something else.</summary>
    public string Fingerprint { get; }

    /// <summary>Why the identifier is a hazard, or null where it is none. The built-in facts come before the lists.</summary>
    public Hazard? Find(Identifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        if (BuiltInHazards.Find(identifier) is { } builtIn)
        {
            return builtIn;
        }

        foreach (var list in lists)
        {
            if (list.Holds(identifier))
            {
                return list.Hazard;
            }
        }

        return null;
    }

    /// <summary>This catalogue and one more list, in the JSON of MISP's warning lists.</summary>
    /// <param name="name">What the operator calls the list; it stands in the explanation that agencies read.</param>
    /// <param name="json">
    /// An object with <c>list</c> (strings), <c>type</c> (<c>cidr</c>, <c>string</c>, <c>hostname</c>, <c>substring</c>)
    /// and, where it is for some kinds only, <c>matching_attributes</c>.
    /// </param>
    /// <exception cref="FormatException">The JSON is not such a list; the message names the list and the entry.</exception>
    public HazardCatalogue WithMispWarningList(string name, string json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(json);
        return new HazardCatalogue([.. lists, WarningListReader.Read(name, json)]);
    }
}
