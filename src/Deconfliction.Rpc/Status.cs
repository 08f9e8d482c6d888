namespace Deconfliction.Rpc;

/// <summary>How a call ended.</summary>
/// <param name="StatusCode">The code.</param>
/// <param name="Detail">What the caller is told, in words; empty for success.</param>
public readonly record struct Status(StatusCode StatusCode, string Detail)
{
    /// <summary>Success, without words.</summary>
    public static Status DefaultSuccess { get; } = new(StatusCode.OK, string.Empty);

    /// <summary>Cancelled, without words.</summary>
    public static Status DefaultCancelled { get; } = new(StatusCode.Cancelled, string.Empty);

    /// <inheritdoc/>
    public override string ToString() => $"{StatusCode}: {Detail}";
}
