using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Appending;

/// <summary>
/// Texts that every database can store: UTF-8 knows no half of a surrogate pair, and PostgreSQL no U+0000. Such a text is refused
/// before it is in a group, because there it would take its neighbours down with it.
/// </summary>
internal static class StorableText
{
    /// <exception cref="ArgumentException">A text cannot be stored.</exception>
    public static void Confirm(AuditDraft draft) =>
        Confirm(draft.Certificate, draft.RequestedBy, draft.Case, draft.Purpose, draft.Result);

    /// <exception cref="ArgumentException">A text cannot be stored.</exception>
    public static void Confirm(IdentifierEvent fact)
    {
        switch (fact)
        {
            case IdentifierEvent.ClaimMade made:
                Confirm(made.Claim);
                break;
            case IdentifierEvent.ClaimChanged change:
                Confirm(change.Claim);
                break;
            case IdentifierEvent.ClaimEnded ended:
                Confirm(ended.Claim);
                break;
            case IdentifierEvent.AlertRaised raised:
                Confirm(raised.Alert.FromCase, raised.Alert.Note);
                break;
            case IdentifierEvent.HazardChanged change:
                Confirm(change.Reason);
                break;
            default:
                break;
        }
    }

    /// <exception cref="ArgumentException">A text cannot be stored.</exception>
    public static void Confirm(IGroupExtra? extra)
    {
        if (extra is SavedAgency { Agency: var agency })
        {
            Confirm(agency.Name, agency.Contact);
            foreach (var certificate in agency.Certificates)
            {
                Confirm(certificate.Serial);
            }
        }
    }

    private static void Confirm(Claim claim) => Confirm(claim.Case, claim.RequestedBy);

    private static void Confirm(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null && !IsStorable(text))
            {
                throw new ArgumentException(
                    "A text holds U+0000 or half of a surrogate pair, which cannot be stored: refuse it where it comes in.", nameof(texts));
            }
        }
    }

    private static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++)))
            {
                return false;
            }
        }

        return true;
    }
}
