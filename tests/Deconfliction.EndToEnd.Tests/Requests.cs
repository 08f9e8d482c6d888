using Deconfliction.Protocol.V1;

namespace Deconfliction.EndToEnd.Tests;

/// <summary>Requests as tests make them.</summary>
public static class Requests
{
    /// <summary>A claim.</summary>
    public static CreateClaimRequest Claim(string value, string reference, Disclosure disclosure = Disclosure.Open, string kind = "email", Guid? id = null) => new()
    {
        RequestId = (id ?? Guid.NewGuid()).ToString(),
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
        Identifier = new IdentifierInput { Kind = kind, Value = value },
        CaseReference = reference,
        Purpose = "test",
    };
}
