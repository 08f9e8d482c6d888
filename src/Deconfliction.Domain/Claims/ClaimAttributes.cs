namespace Deconfliction.Domain.Claims;

/// <summary>What the others see of a claim (DESIGN.md, section 2). The numbers are stored.</summary>
public enum Disclosure
{
    /// <summary>Agency, contact and case reference; the other side is alerted.</summary>
    Open = 1,

    /// <summary>That it exists, and a reference; the other side is alerted.</summary>
    Masked = 2,

    /// <summary>Nothing, in any answer, list, count, id or timing.</summary>
    Silent = 3,
}

/// <summary>How urgent the owner's work is. The numbers are stored.</summary>
public enum Priority
{
    /// <summary>Background work.</summary>
    Low = 1,

    /// <summary>The default.</summary>
    Normal = 2,

    /// <summary>Active work.</summary>
    High = 3,

    /// <summary>A person may be in danger.</summary>
    Urgent = 4,
}

/// <summary>Europol's handling codes and the Traffic Light Protocol 2.0 (FIRST). The numbers are stored.</summary>
public enum Handling
{
    /// <summary>None given.</summary>
    None = 0,

    /// <summary>Europol H0: use as the law allows.</summary>
    H0 = 1,

    /// <summary>Europol H1: not for use as evidence without permission.</summary>
    H1 = 2,

    /// <summary>Europol H2: not to be passed on without permission.</summary>
    H2 = 3,

    /// <summary>Europol H3: other restrictions.</summary>
    H3 = 4,

    /// <summary>TLP:CLEAR.</summary>
    TlpClear = 11,

    /// <summary>TLP:GREEN.</summary>
    TlpGreen = 12,

    /// <summary>TLP:AMBER.</summary>
    TlpAmber = 13,

    /// <summary>TLP:AMBER+STRICT.</summary>
    TlpAmberStrict = 14,

    /// <summary>TLP:RED.</summary>
    TlpRed = 15,
}

/// <summary>How a claim ended. The numbers are stored.</summary>
public enum EndReason
{
    /// <summary>It is live.</summary>
    None = 0,

    /// <summary>Its owner released it.</summary>
    Released = 1,

    /// <summary>Its time ran out.</summary>
    Expired = 2,
}
