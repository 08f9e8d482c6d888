using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Setup;

/// <summary>Requests as tests make them.</summary>
public static class Requests
{
    /// <summary>Who asks, where nobody else is named.</summary>
    public const string Officer = "officer-7";

    /// <summary>A claim.</summary>
    public static CreateClaimRequest Claim(string value, string reference, Disclosure disclosure = Disclosure.Open, string kind = "email", Guid? id = null) => new()
    {
        RequestId = (id ?? Guid.NewGuid()).ToString(),
        RequestedBy = Officer,
        Claim = new ClaimInput
        {
            Identifier = new IdentifierInput { Kind = kind, Value = value },
            CaseReference = reference,
            Disclosure = disclosure,
        },
    };

    /// <summary>A check.</summary>
    public static CheckRequest Check(string value, string reference = "check", string kind = "email", Guid? id = null) => new()
    {
        RequestId = (id ?? Guid.NewGuid()).ToString(),
        RequestedBy = Officer,
        Identifier = new IdentifierInput { Kind = kind, Value = value },
        CaseReference = reference,
        Purpose = "test",
    };
}
