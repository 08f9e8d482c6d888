using System.Text.Json;

namespace Deconfliction.Server.Options;

/// <summary>A value and where it was found, for messages.</summary>
internal readonly record struct OptionValue(string Text, string Source);

/// <summary>
/// Gathers what is set: the command line wins over the environment, which wins over appsettings.json, which wins over defaults. Anything
/// that is no option is a problem: a misspelt option must not be an unset one. Only the environment is others' too, so that a variable which
/// is like no option's is no more than noticed.
/// </summary>
internal sealed class OptionSources
{
    private readonly Dictionary<string, List<OptionValue>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly OptionTable _table;

    private OptionSources(OptionTable table) => _table = table;

    /// <summary>What could not be understood.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What is not looked at, and perhaps should have been.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>What is on the command line that is no option.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>The last value of an option; nothing where it is not set.</summary>
    public OptionValue? Last(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>All values of an option that is a list.</summary>
    public IReadOnlyList<OptionValue> Every(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>The option of this name.</summary>
    public OptionDefinition Definition(string name) =>
        _table.Options.First(option => string.Equals(option.Name, name, StringComparison.Ordinal));

    /// <summary>Reads all three sources of this process.</summary>
    public static OptionSources OfProcess(OptionTable table, IReadOnlyList<string> arguments)
    {
        var sources = Read(table, arguments, Environment.GetEnvironmentVariable, "appsettings.json");
        sources.JudgeVariables(Environment.GetEnvironmentVariables().Keys.Cast<string>());
        return sources;
    }

    /// <summary>Reads all three sources for the server's options.</summary>
    public static OptionSources Read(IReadOnlyList<string> arguments, Func<string, string?> variable, string settingsFile) =>
        Read(OptionTable.Server, arguments, variable, settingsFile);

    /// <summary>Reads all three sources.</summary>
    public static OptionSources Read(
        OptionTable table, IReadOnlyList<string> arguments, Func<string, string?> variable, string settingsFile)
    {
        var sources = new OptionSources(table);
        sources.ReadCommandLine(arguments);
        sources.ReadEnvironment(variable);
        sources.ReadSettings(settingsFile);
        foreach (var option in table.Options)
        {
            if (option.Default.Length > 0 && !sources._values.ContainsKey(option.Name))
            {
                sources._values[option.Name] = [new OptionValue(option.Default, "by default")];
            }
        }

        return sources;
    }

    /// <summary>Looks for variables that were meant to be options.</summary>
    internal void JudgeVariables(IEnumerable<string> names)
    {
        foreach (var name in names.Where(static name => name.StartsWith(OptionDefinition.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            if (_table.Options.Any(option => string.Equals(option.Variable, name, StringComparison.Ordinal)))
            {
                continue;
            }

            var plain = Plain(name[OptionDefinition.EnvironmentPrefix.Length..]);
            var nearest = _table.Options.MinBy(option => Misspelling.Distance(plain, Plain(option.Name)))!;
            if (Misspelling.IsLikely(plain, Plain(nearest.Name)))
            {
                _problems.Add($"{name} is no option. Write {nearest.Variable}, or unset it.");
            }
            else
            {
                Notices.Add($"{name} is no option of this program, and is not looked at. Run with --help to see those there are.");
            }
        }
    }

    private void ReadCommandLine(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                Arguments.Add(argument);
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument[2..] : argument[2..equals];
            if (Find(name) is not { } option || !string.Equals(option.Name, name, StringComparison.Ordinal))
            {
                _problems.Add($"--{name} is no option. Run with --help to see those there are.");
                i += equals < 0 && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? 1 : 0;
            }
            else if (equals >= 0)
            {
                Add(option, argument[(equals + 1)..], "on the command line");
            }
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                Add(option, arguments[++i], "on the command line");
            }
            else
            {
                _problems.Add($"--{name} needs a value: --{name} {option.Placeholder}.");
            }
        }
    }

    private void ReadEnvironment(Func<string, string?> variable)
    {
        foreach (var option in _table.Options)
        {
            if (_values.ContainsKey(option.Name) || variable(option.Variable) is not { Length: > 0 } text)
            {
                continue;
            }

            foreach (var one in option.IsList ? text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [text])
            {
                Add(option, one, $"from {option.Variable}");
            }
        }
    }

    private void ReadSettings(string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(file), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.TryGetProperty("Deconfliction", out var section))
            {
                foreach (var member in section.EnumerateObject())
                {
                    ReadMember(member, file);
                }
            }
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            _problems.Add($"{file} cannot be read: {problem.Message} It must be a JSON object with an object \"Deconfliction\".");
        }
    }

    private void ReadMember(JsonProperty member, string file)
    {
        if (Find(member.Name) is not { } option)
        {
            _problems.Add($"\"{member.Name}\" in {file} is no option. Run with --help to see those there are.");
            return;
        }

        if (_values.TryGetValue(option.Name, out var set) && set.Exists(value => !value.Source.EndsWith(file, StringComparison.Ordinal)))
        {
            return;
        }

        var source = $"from {file}";
        if (member.Value.ValueKind == JsonValueKind.Array && option.IsList)
        {
            foreach (var one in member.Value.EnumerateArray())
            {
                Add(option, one.ToString(), source);
            }
        }
        else if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            Add(option, member.Value.ToString(), source);
        }
        else
        {
            _problems.Add($"\"{member.Name}\" in {file} needs to be {(option.IsList ? "an array of texts" : "a text or a number")}.");
        }
    }

    private void Add(OptionDefinition option, string text, string source)
    {
        if (!_values.TryGetValue(option.Name, out var values))
        {
            _values[option.Name] = values = [];
        }
        else if (!option.IsList)
        {
            _problems.Add($"--{option.Name} is given twice {source}. Give it once.");
        }

        values.Add(new OptionValue(text, source));
    }

    // "TrustDomain", "trust-domain" and "trust_domain" are one name.
    private OptionDefinition? Find(string name)
    {
        var plain = Plain(name);
        return _table.Options.FirstOrDefault(option => string.Equals(Plain(option.Name), plain, StringComparison.Ordinal));
    }

    private static string Plain(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}
