using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>Imports over the wire.</summary>
internal static class Importing
{
    /// <summary>The claims as the items of one message, numbered from 0.</summary>
    public static ImportClaimsRequest Message(TestAgency agency, params CreateClaimRequest[] claims)
    {
        var message = new ImportClaimsRequest { RequestedBy = agency.Officer };
        message.Items.AddRange(claims.Select((claim, position) => new ImportItem
        {
            Position = position, Line = position + 2, RequestId = claim.RequestId, Claim = claim.Claim,
        }));
        return message;
    }

    /// <summary>Sends one message, and reads until every item is answered and the stream has ended.</summary>
    public static async Task<List<ImportResult>> RunAsync(TestAgency agency, params CreateClaimRequest[] claims)
    {
        using var stream = agency.Channel.DuplexStream(Calls.Method<ImportClaimsRequest, ImportClaimsResponse>());
        await stream.RequestStream.WriteAsync(Message(agency, claims));
        await stream.RequestStream.CompleteAsync();
        var results = new List<ImportResult>();
        while (await stream.ResponseStream.MoveNext(CancellationToken.None))
        {
            results.AddRange(stream.ResponseStream.Current.Results);
        }

        return results;
    }
}
