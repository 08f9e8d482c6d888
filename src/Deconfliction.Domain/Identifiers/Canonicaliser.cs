using Deconfliction.Domain.Identifiers.Rules;

namespace Deconfliction.Domain.Identifiers;

/// <summary>
/// Turns what was submitted into the one form of the identifier that is compared. Pure, total (every string gives an
/// identifier or a refusal, none throws), idempotent, and the same under every culture and operating system: Unicode
/// comes from the tables in this assembly, not from the platform.
/// </summary>
public static class Canonicaliser
{
    /// <summary>The version of the rules, stored with each claim. It rises whenever any value's canonical form changes.</summary>
    public const int RuleVersion = 1;

    /// <summary>Canonicalises a value of the kind with this name (<see cref="IdentifierKinds.Name"/>).</summary>
    public static Canonicalisation Canonicalise(string kindName, string value) =>
        IdentifierKinds.TryParse(kindName, out var kind) ? Canonicalise(kind, value) : UnknownKind(kindName ?? string.Empty);

    /// <summary>Canonicalises a value: defanging undone, trimmed, in NFC, then the kind's own rule.</summary>
    public static Canonicalisation Canonicalise(IdentifierKind kind, string value)
    {
        if (kind is IdentifierKind.Unspecified || !Enum.IsDefined(kind))
        {
            return UnknownKind(kind is IdentifierKind.Unspecified ? string.Empty : ((int)kind).ToString());
        }

        var prepared = Preparation.Prepare(kind, value ?? string.Empty);
        var ruling = prepared.Canonical is { } text ? KindRules.Apply(kind, text) : prepared;
        if (ruling.Canonical is not { } canonical)
        {
            return new Canonicalisation(ruling.Refusal!);
        }

        // A canonical form can be longer than its input (percent-encoding), and must itself be acceptable.
        return Preparation.IsTooLong(canonical)
            ? new Canonicalisation(Preparation.TooLong().Refusal!)
            : new Canonicalisation(new Identifier(kind, canonical));
    }

    private static Canonicalisation UnknownKind(string name) => new(Ruling.Refuse(
        "kind",
        "UNKNOWN_KIND",
        name.Length == 0 ? "no kind is given" : $"{Excerpt.Quote(name)} is not a kind of identifier",
        $"Use one of: {string.Join(", ", IdentifierKinds.All.Select(IdentifierKinds.Name))}.").Refusal!);
}
