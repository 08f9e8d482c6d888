using System.Globalization;
using System.Net;
using Deconfliction.Ledger;

namespace Deconfliction.Server.Options;

/// <summary>Reads values of each kind, and gathers what is wrong with them.</summary>
internal sealed class OptionValues(OptionSources sources)
{
    private readonly List<string> _problems = [.. sources.Problems];

    /// <summary>Where they come from.</summary>
    public OptionSources Sources { get; } = sources;

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes what is wrong in its own words.</summary>
    public void Add(string problem) => _problems.Add(problem);

    /// <summary>The text of an option; nothing where it is not set.</summary>
    public string? Text(string name) => Sources.Last(name)?.Text;

    /// <summary>A folder; nothing where the option is not set, or is none of the program's.</summary>
    public string? FolderIfSet(string name) => Sources.Last(name) is null ? null : Folder(name);

    public void Problem(string name, OptionValue value, string right, string why = "")
    {
        var secret = Sources.Definition(name).IsSecret;
        _problems.Add($"--{name} is '{(secret ? "(hidden)" : value.Text)}' ({value.Source}){(why.Length > 0 ? $". {why.TrimEnd('.')}. Give" : "; give")} {right}.");
    }

    /// <summary>Where the option is set, it names a PostgreSQL.</summary>
    public void ConfirmConnection(string name)
    {
        if (Sources.Last(name) is { } value && !LedgerFactory.IsPostgresConnection(value.Text))
        {
            Problem(name, value, "Npgsql's form with a Host, such as 'Host=localhost;Database=deconfliction;Username=grid'");
        }
    }

    public string Folder(string name)
    {
        var value = Sources.Last(name)!.Value;
        if (string.IsNullOrWhiteSpace(value.Text) || value.Text.Contains('\0', StringComparison.Ordinal) || File.Exists(value.Text))
        {
            Problem(name, value, "a folder, which is made where it is not there");
        }

        return value.Text;
    }

    public IPEndPoint EndPoint(
        string name, string right = "ADDRESS:PORT, such as 127.0.0.1:7443, [::1]:7443 or 0.0.0.0:7443", Func<IPEndPoint, bool>? isRight = null)
    {
        var value = Sources.Last(name)!.Value;
        var colon = value.Text.LastIndexOf(':');
        var host = colon > 0 ? value.Text[..colon] : "";
        var address = host switch
        {
            "localhost" => IPAddress.Loopback,
            ['[', .. var v6, ']'] => IPAddress.TryParse(v6, out var parsed) ? parsed : null,
            // An address such as "7443" or "127.1" would be read too, as something else than was meant.
            _ => host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out var parsed) ? parsed : null,
        };
        if (address is not null && ushort.TryParse(value.Text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && new IPEndPoint(address, port) is var endPoint && isRight?.Invoke(endPoint) is not false)
        {
            return endPoint;
        }

        Problem(name, value, right);
        return new IPEndPoint(IPAddress.Loopback, 0);
    }

    public List<string> Every(string name, Func<string, bool> isRight, string right)
    {
        var values = Sources.Every(name);
        foreach (var value in values)
        {
            if (!isRight(value.Text))
            {
                Problem(name, value, right);
            }
        }

        return [.. values.Select(value => value.Text)];
    }

    public static bool IsHostName(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;

    public int Days(string name, int most) => (int)Number(name, 1, most);

    public long Number(string name, long least, long most)
    {
        var value = Sources.Last(name)!.Value;
        if (long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(name, value, $"a whole number from {least} to {most}");
        return least;
    }

    public T Choice<T>(string name, params (string Text, T Value)[] choices)
    {
        var value = Sources.Last(name)!.Value;
        foreach (var (text, choice) in choices)
        {
            if (string.Equals(text, value.Text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        Problem(name, value, $"one of: {string.Join(", ", choices.Select(choice => choice.Text))}");
        return choices[0].Value;
    }
}
