namespace Deconfliction.Domain.Agencies;

/// <summary>What an agency may do (DESIGN.md, section 2). The numbers are stored.</summary>
public enum AgencyRole
{
    /// <summary>Never stored.</summary>
    Unspecified = 0,

    /// <summary>Claims, checks, sees pointers.</summary>
    LawEnforcement = 1,

    /// <summary>Claims, checks, sees pointers (INTERPOL, Europol).</summary>
    InternationalBody = 2,

    /// <summary>Submits referrals: claims that alert others; learns nothing of others.</summary>
    Hotline = 3,

    /// <summary>Submits referrals: claims that alert others; learns nothing of others.</summary>
    Industry = 4,

    /// <summary>Runs the grid and manages agencies; sees no claims.</summary>
    Operator = 5,

    /// <summary>Reads the audit record.</summary>
    Auditor = 6,
}

/// <summary>What each role is entitled to.</summary>
public static class AgencyRoles
{
    /// <summary>May check, and is told of others: a hit, a hazard, a crowd.</summary>
    public static bool IsEntitledToHits(this AgencyRole role) => role is AgencyRole.LawEnforcement or AgencyRole.InternationalBody;

    /// <summary>Its claims are referrals: they alert others, and it learns nothing of others.</summary>
    public static bool IsReferrer(this AgencyRole role) => role is AgencyRole.Hotline or AgencyRole.Industry;

    /// <summary>May make claims at all.</summary>
    public static bool MayClaim(this AgencyRole role) => role.IsEntitledToHits() || role.IsReferrer();
}
