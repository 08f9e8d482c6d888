using System.Buffers;

namespace Deconfliction.Domain.Agencies;

/// <summary>
/// An agency's name in the grid: 2 to 63 characters, lower-case letters, digits and inner hyphens, as in the path of its
/// SPIFFE URI (<c>spiffe://TRUST-DOMAIN/agency/ID</c>).
/// </summary>
public readonly record struct AgencyId : IComparable<AgencyId>
{
    private static readonly SearchValues<char> s_characters = SearchValues.Create("-0123456789abcdefghijklmnopqrstuvwxyz");

    private readonly string? _value;

    private AgencyId(string value) => _value = value;

    /// <summary>The name itself.</summary>
    public string Value => _value ?? throw new InvalidOperationException("This agency id was never set.");

    /// <summary>Reads an id; says no by <see langword="false"/>.</summary>
    public static bool TryParse(string? text, out AgencyId id)
    {
        id = default;
        if (text is null || !IsWellFormed(text))
        {
            return false;
        }

        id = new AgencyId(text);
        return true;
    }

    /// <summary>Reads an id that is known to be well formed (from the ledger).</summary>
    /// <exception cref="FormatException">The text is not an agency id.</exception>
    public static AgencyId Parse(string text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException(
                "An agency id has 2 to 63 characters: lower-case letters, digits and, inside, hyphens.");

    /// <inheritdoc/>
    public int CompareTo(AgencyId other) => string.CompareOrdinal(_value, other._value);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(AgencyId left, AgencyId right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(AgencyId left, AgencyId right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(AgencyId left, AgencyId right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(AgencyId left, AgencyId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    // By hand: each row that is read comes by here, and a pattern's time limit runs on while the process stands still.
    private static bool IsWellFormed(string text) =>
        text.Length is >= 2 and <= 63 && text[0] != '-' && text[^1] != '-' && !text.AsSpan().ContainsAnyExcept(s_characters);
}
