using System.Text.RegularExpressions;

namespace Deconfliction.Domain.Agencies;

/// <summary>
/// An agency's name in the grid: 2 to 63 characters, lower-case letters, digits and inner hyphens, as in the path of its
/// SPIFFE URI (<c>spiffe://TRUST-DOMAIN/agency/ID</c>).
/// </summary>
public readonly partial record struct AgencyId : IComparable<AgencyId>
{
    private readonly string? _value;

    private AgencyId(string value) => _value = value;

    /// <summary>The name itself.</summary>
    public string Value => _value ?? throw new InvalidOperationException("This agency id was never set.");

    /// <summary>Reads an id; says no by <see langword="false"/>.</summary>
    public static bool TryParse(string? text, out AgencyId id)
    {
        id = default;
        if (text is null || !Pattern().IsMatch(text))
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

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
