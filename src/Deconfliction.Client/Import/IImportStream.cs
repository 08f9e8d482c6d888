using Deconfliction.Protocol.V1;

namespace Deconfliction.Client.Import;

/// <summary>One open ImportClaims call. One writer and one reader at a time; a failed call throws <see cref="GridException"/>.</summary>
internal interface IImportStream : IAsyncDisposable
{
    /// <summary>Sends items; waits while the server takes no more.</summary>
    Task WriteAsync(ImportClaimsRequest request, CancellationToken cancellationToken);

    /// <summary>Says that no more items come.</summary>
    Task CompleteAsync();

    /// <summary>The next answers; null when the server has ended the call with OK.</summary>
    Task<ImportClaimsResponse?> ReadAsync(CancellationToken cancellationToken);
}
