namespace Deconfliction.Domain.Identifiers;

/// <summary>A kind and a canonical value: two of them are the same identifier exactly when they are equal.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Canonical">The canonical form, as <see cref="Canonicaliser"/> made it.</param>
public sealed record Identifier(IdentifierKind Kind, string Canonical)
{
    /// <summary>The kind only: what is printed ends in logs, and the value must not.</summary>
    public override string ToString() => $"Identifier {{ Kind = {IdentifierKinds.Name(Kind)} }}";
}

/// <summary>Why a value was not accepted, for the one who submitted it.</summary>
/// <param name="Field"><c>kind</c> or <c>value</c>.</param>
/// <param name="Reason">A stable code in UPPER_SNAKE_CASE, such as <c>NOT_AN_IPV4_ADDRESS</c>.</param>
/// <param name="Problem">What is wrong and by which rule, at most 200 characters. It may quote the value: never log it.</param>
/// <param name="Remedy">What to do about it, at most 200 characters.</param>
public sealed record Refusal(string Field, string Reason, string Problem, string Remedy)
{
    /// <summary>The field and the reason only: the problem quotes the value, and what is printed ends in logs.</summary>
    public override string ToString() => $"Refusal {{ Field = {Field}, Reason = {Reason} }}";
}

/// <summary>What canonicalisation came to: an identifier or a refusal, never both, never neither.</summary>
public readonly record struct Canonicalisation
{
    internal Canonicalisation(Identifier identifier) => Identifier = identifier;

    internal Canonicalisation(Refusal refusal) => Refusal = refusal;

    /// <summary>The identifier, where the value was accepted.</summary>
    public Identifier? Identifier { get; }

    /// <summary>The refusal, where it was not.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Whether the value was accepted.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Identifier))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Identifier is not null;
}
