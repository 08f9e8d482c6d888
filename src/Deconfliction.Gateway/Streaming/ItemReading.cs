using System.Runtime.CompilerServices;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Streaming;

/// <summary>Reads streams of items.</summary>
internal static class ItemReading
{
    /// <summary>
    /// The messages of a stream. One with text that is not UTF-8 is read like any other, with what is wrong: its frame is whole, so only
    /// the items that hold such text are refused (rule 6).
    /// </summary>
    public static async IAsyncEnumerable<(T Message, BadText BadText)> ReadItemsAsync<T>(
        this IAsyncStreamReader<T> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            (T Message, BadText BadText) read;
            try
            {
                if (!await requests.MoveNext(cancellationToken))
                {
                    yield break;
                }

                read = (requests.Current, default);
            }
            catch (InvalidTextException bad)
            {
                read = ((T)bad.Request, new BadText(bad.Fields));
            }

            yield return read;
        }
    }
}
