using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Google.Protobuf;

namespace Deconfliction.Gateway.Paging;

/// <summary>The methods that page tokens are bound to.</summary>
internal static class PageMethods
{
    public const string ListClaims = "ListClaims";
    public const string ListOverlaps = "ListOverlaps";
    public const string ListAgencies = "ListAgencies";
    public const string ListAuditEntries = "ListAuditEntries";
}

/// <summary>Reads lists page by page.</summary>
internal static class Pages
{
    // What a filter leaves out is read too; a page may therefore hold less than was asked for (AIP-158 allows it).
    private const int MaximumReads = 20;

    /// <summary>The page size that was asked for.</summary>
    public static int Size(int asked, Faults faults)
    {
        if (asked is >= 0 and <= Limits.PageSize)
        {
            return asked == 0 ? Limits.DefaultPageSize : asked;
        }

        faults.Add("page_size", "INVALID_PAGE_SIZE", $"The page size is {asked}.", $"Give 1 to {Limits.PageSize}, or 0 for {Limits.DefaultPageSize}.");
        return Limits.DefaultPageSize;
    }

    /// <summary>The place of a token whose place is an id; nothing for the first page.</summary>
    public static Guid? After(PageTokens tokens, string token, AgencyId agency, string method, IMessage filter)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var place = tokens.Read(token, agency, method, filter);
        return place.Length == 16 ? new Guid(place, bigEndian: true) : throw new ProblemException(Problems.InvalidPageToken);
    }

    /// <summary>One page of what matches, and the id after which the next one starts.</summary>
    public static async Task<(List<T> Items, Guid? Next)> ReadAsync<T>(
        Func<Guid?, Task<IReadOnlyList<T>>> read, Func<T, Guid> idOf, Func<T, bool>? matches, Guid? after, int size)
    {
        var items = new List<T>(Math.Min(size, 128));
        for (var reads = 0; reads < MaximumReads; reads++)
        {
            var page = await read(after);
            foreach (var item in page)
            {
                after = idOf(item);
                if (matches?.Invoke(item) == false)
                {
                    continue;
                }

                items.Add(item);
                if (items.Count == size)
                {
                    return (items, after);
                }
            }

            if (page.Count < size)
            {
                return (items, null);
            }
        }

        return (items, after);
    }
}
