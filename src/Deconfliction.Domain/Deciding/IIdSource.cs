namespace Deconfliction.Domain.Deciding;

/// <summary>Where the ids of overlaps and alerts come from: the only thing in a decision that is not a function of its input.</summary>
public interface IIdSource
{
    /// <summary>A fresh UUID version 7 (RFC 9562) of the instant <paramref name="now"/>.</summary>
    Guid Next(DateTimeOffset now);
}
