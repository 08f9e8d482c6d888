namespace Deconfliction.Domain.Deciding;

/// <summary>The periods and limits that rules take from the options. All have DESIGN.md's defaults.</summary>
public sealed record Policy
{
    /// <summary>Life of a claim that names none.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromDays(180);

    /// <summary>The longest life that a claim or a renewal may ask for.</summary>
    public TimeSpan MaximumLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long before expiry the owner is told, and may know it should renew.</summary>
    public TimeSpan ExpiryNotice { get; init; } = TimeSpan.FromDays(14);

    /// <summary>More agencies with live claims than this make a crowd.</summary>
    public int CrowdCap { get; init; } = 25;

    /// <summary>A crowd ends when fewer agencies than this are left.</summary>
    public int CrowdReopensBelow { get; init; } = 20;

    /// <summary>How many overlaps or hits one answer carries; the rest is listed by pages.</summary>
    public int PointersPerAnswer { get; init; } = 100;
}
