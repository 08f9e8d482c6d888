using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Deconfliction.Dashboard.Web;

/// <summary>Style, script, type and icon, from the program itself: nothing is loaded from elsewhere.</summary>
internal sealed class EmbeddedAssets
{
    private const string Prefix = "Assets/";
    private readonly Dictionary<string, (byte[] Content, string Type, string Tag)> _files = new(StringComparer.Ordinal);

    public EmbeddedAssets()
    {
        var assembly = typeof(EmbeddedAssets).Assembly;
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using var content = new MemoryStream();
                using var resource = assembly.GetManifestResourceStream(name)!;
                resource.CopyTo(content);
                var bytes = content.ToArray();
                _files.Add(name[Prefix.Length..], (bytes, TypeOf(name), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\""));
            }
        }
    }

    /// <summary>Answers with a file; false where there is none.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            return false;
        }

        var response = context.Response;
        response.Headers.ETag = file.Tag;
        response.Headers.CacheControl = "private, no-cache";
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        response.ContentType = file.Type;
        response.ContentLength = file.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(file.Content, context.RequestAborted);
        }

        return true;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    };
}
