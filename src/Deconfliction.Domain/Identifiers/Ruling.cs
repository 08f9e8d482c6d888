namespace Deconfliction.Domain.Identifiers;

/// <summary>What the rule of a kind says of a prepared value: its canonical form, or why there is none.</summary>
internal readonly record struct Ruling
{
    // The longest remedy names every kind of identifier.
    public const int MaximumTextLength = 400;

    private Ruling(string? canonical, Refusal? refusal)
    {
        Canonical = canonical;
        Refusal = refusal;
    }

    public string? Canonical { get; }

    public Refusal? Refusal { get; }

    public static Ruling Accept(string canonical) => new(canonical, refusal: null);

    public static Ruling Refuse(string reason, string problem, string remedy) => Refuse("value", reason, problem, remedy);

    public static Ruling Refuse(string field, string reason, string problem, string remedy) => new(
        canonical: null,
        new Refusal(field, reason, Excerpt.Cut(problem, MaximumTextLength), Excerpt.Cut(remedy, MaximumTextLength)));
}
