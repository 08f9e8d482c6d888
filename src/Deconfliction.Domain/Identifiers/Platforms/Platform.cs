namespace Deconfliction.Domain.Identifiers;

/// <summary>How a platform compares handles.</summary>
public enum HandleRule
{
    /// <summary>Letters, digits, dot, hyphen and underscore of ASCII; case does not count.</summary>
    AsciiFolded = 0,

    /// <summary>As <see cref="AsciiFolded"/>, and dots do not count either.</summary>
    AsciiFoldedWithoutDots,

    /// <summary>Any script, folded by PRECIS UsernameCaseMapped (RFC 8265).</summary>
    Folded,

    /// <summary>As <see cref="Folded"/>, and spaces do not count.</summary>
    FoldedWithoutSpaces,

    /// <summary>Any script, case counts (PRECIS UsernameCasePreserved, RFC 8265).</summary>
    CaseSensitive,

    /// <summary>Letters and digits, compared as capitals.</summary>
    AsciiUpper,

    /// <summary>A decimal number.</summary>
    Number,

    /// <summary><c>user@server</c>.</summary>
    UserAtServer,

    /// <summary>A domain name.</summary>
    DomainName,
}

/// <summary>What a platform's immutable account ids are.</summary>
public enum AccountIdRule
{
    /// <summary>The platform shows none, or none is known.</summary>
    None = 0,

    /// <summary>A decimal number of at most 63 bits, without leading zeros.</summary>
    Number,

    /// <summary>A UUID, in lower case with hyphens.</summary>
    Uuid,

    /// <summary>Visible ASCII, exactly.</summary>
    Exact,

    /// <summary>They are an identifier kind by themselves.</summary>
    OwnKind,
}

/// <summary>A platform that usernames and accounts belong to.</summary>
/// <param name="Name">The name in canonical forms, lower case.</param>
/// <param name="Aliases">Other names that are accepted for it.</param>
/// <param name="Handles">How it compares handles.</param>
/// <param name="AccountIds">What its account ids are.</param>
/// <param name="OwnKind">The kind of its account ids, where <paramref name="AccountIds"/> says that they have one.</param>
public sealed record Platform(
    string Name,
    IReadOnlyList<string> Aliases,
    HandleRule Handles,
    AccountIdRule AccountIds,
    IdentifierKind OwnKind = IdentifierKind.Unspecified);
