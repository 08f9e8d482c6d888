namespace Deconfliction.Domain.Claims;

/// <summary>
/// When an address was seen: the UTC interval [<see cref="From"/>, <see cref="Until"/>), and how far clocks may differ.
/// Behind carrier-grade NAT (RFC 6598) an address alone means up to hundreds of people, so claims meet only where windows do.
/// </summary>
/// <param name="From">Start, inclusive, UTC.</param>
/// <param name="Until">End, exclusive, UTC; after <paramref name="From"/>.</param>
/// <param name="Tolerance">Widens the window on either side; zero or more.</param>
public readonly record struct Window(DateTimeOffset From, DateTimeOffset Until, TimeSpan Tolerance)
{
    /// <summary>Start with the tolerance taken into account.</summary>
    public DateTimeOffset Earliest => From - Tolerance;

    /// <summary>End with the tolerance taken into account, exclusive.</summary>
    public DateTimeOffset Latest => Until + Tolerance;

    /// <summary>Whether the two windows, each with its tolerance, share an instant.</summary>
    public bool Meets(Window other) => Earliest < other.Latest && other.Earliest < Latest;
}
