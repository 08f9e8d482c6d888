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
    /// <summary>Start with the tolerance taken into account; the calendar's start where it would fall before.</summary>
    public DateTimeOffset Earliest => From - DateTimeOffset.MinValue > Tolerance ? From - Tolerance : DateTimeOffset.MinValue;

    /// <summary>End with the tolerance taken into account, exclusive; the calendar's end where it would fall after.</summary>
    public DateTimeOffset Latest => DateTimeOffset.MaxValue - Until > Tolerance ? Until + Tolerance : DateTimeOffset.MaxValue;

    /// <summary>Whether the two windows, each with its tolerance, share an instant.</summary>
    public bool Meets(Window other) => Earliest < other.Latest && other.Earliest < Latest;
}
