namespace Deconfliction.Dashboard.Access;

/// <summary>What somebody may do on the operations pages.</summary>
public enum AccessRole
{
    /// <summary>Look, and export.</summary>
    Viewer = 0,

    /// <summary>Act: drain a node, make and revoke tokens.</summary>
    Operator = 1,
}

/// <summary>Who is signed in.</summary>
/// <param name="Name">As they are named in the audit record.</param>
/// <param name="Role">What they may do.</param>
/// <param name="TokenName">The token they came with; nothing for the link that the start printed.</param>
/// <param name="FormToken">What each form that acts must bring back (against forgery by another site).</param>
/// <param name="ExpiresAt">When they must sign in again.</param>
public sealed record Session(string Name, AccessRole Role, string? TokenName, string FormToken, DateTimeOffset ExpiresAt);
