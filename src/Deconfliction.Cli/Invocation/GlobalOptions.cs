using System.CommandLine;

namespace Deconfliction.Cli.Invocation;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public const string DefaultServer = "https://localhost:7443";
    public const string IdentityVariable = "DECONFLICT_IDENTITY";
    public const string RequestedByVariable = "DECONFLICT_REQUESTED_BY";

    public GlobalOptions()
    {
        Server.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !IsServer(text))
            {
                result.AddError($"--server '{text}' is not a server's address. Give https://HOST:PORT, such as {DefaultServer}.");
            }
        });
        RequestedBy.Validators.Add(result =>
        {
            // Such as an unset variable of the shell's: the login name in its place would be recorded for the officer's reference.
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
            {
                result.AddError($"{RequestedBy.Name} is empty. Give a text.");
            }
        });
        Language.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text and not ("en" or "fr"))
            {
                result.AddError($"--lang '{text}' is unknown. Give en or fr.");
            }
        });
    }

    public Option<string> Server { get; } = new("--server")
    {
        Description = "The grid's address.", HelpName = "URL", Recursive = true, DefaultValueFactory = _ => DefaultServer,
    };

    public Option<string?> Identity { get; } = new("--identity")
    {
        Description = $"The agency's identity: a PEM file with its certificate and key (default: ${IdentityVariable}).", HelpName = "FILE", Recursive = true,
    };

    public Option<string?> Authority { get; } = new("--ca")
    {
        Description = "The grid's authority, in PEM (default: the one in the identity file, else ca.pem beside it, else the system's).",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> RequestedBy { get; } = new("--requested-by")
    {
        Description = $"The agency's own reference of the officer who asks (default: ${RequestedByVariable}, else the login name).",
        HelpName = "REF",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write one JSON object a line on standard output, and nothing else there.", Recursive = true,
    };

    // Read before all others (Speech.Of): the help is written in it too.
    public Option<string?> Language { get; } = new("--lang")
    {
        Description = "The language of what is written for readers: en or fr (default: as LC_ALL, LC_MESSAGES or LANG says).", HelpName = "LANG", Recursive = true,
    };

    public IEnumerable<Option> All => [Server, Identity, Authority, RequestedBy, Json, Language];

    private static bool IsServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.Host.Length > 0
        && url.PathAndQuery == "/" && url.UserInfo.Length == 0 && url.Fragment.Length == 0;
}
