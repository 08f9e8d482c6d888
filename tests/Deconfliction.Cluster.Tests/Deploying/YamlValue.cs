using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>A value of a YAML file, aliases and merges resolved, that knows where it stands: what is looked for and absent is named.</summary>
internal sealed class YamlValue
{
    private readonly object? _value;
    private readonly string _path;

    private YamlValue(object? value, string path) => (_value, _path) = (value, path);

    /// <summary>The documents of a file for production.</summary>
    public static IReadOnlyList<YamlValue> Read(params string[] path)
    {
        var deserializer = new DeserializerBuilder().WithDuplicateKeyChecking().Build();
        var parser = new MergingParser(new Parser(new StringReader(ShippedSettings.Read(path))));
        parser.Consume<StreamStart>();
        var documents = new List<YamlValue>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            documents.Add(new YamlValue(deserializer.Deserialize<object>(parser), path[^1]));
        }

        return documents;
    }

    /// <summary>The value of a key.</summary>
    public YamlValue this[string key] => Find(key) ?? throw new KeyNotFoundException($"{_path} has no {key}.");

    /// <summary>A scalar's text.</summary>
    public string Text => _value as string ?? throw new InvalidOperationException($"{_path} is no scalar.");

    /// <summary>A scalar as a number.</summary>
    public int Number => int.Parse(Text, CultureInfo.InvariantCulture);

    /// <summary>A list's values.</summary>
    public IReadOnlyList<YamlValue> Items => _value is List<object?> list
        ? [.. list.Select((one, index) => new YamlValue(one, $"{_path}[{index}]"))]
        : throw new InvalidOperationException($"{_path} is no list.");

    /// <summary>A mapping's keys; none of anything else.</summary>
    public IReadOnlyList<string> Keys => _value is Dictionary<object, object?> map ? [.. map.Keys.Select(static key => (string)key)] : [];

    /// <summary>A mapping of scalars.</summary>
    public IReadOnlyDictionary<string, string> Texts => Keys.ToDictionary(static key => key, key => this[key].Text, StringComparer.Ordinal);

    /// <summary>The value of a key, if it is there.</summary>
    public YamlValue? Find(string key) =>
        _value is Dictionary<object, object?> map && map.TryGetValue(key, out var found) ? new YamlValue(found, $"{_path}.{key}") : null;

    /// <summary>This and everything within it.</summary>
    public IEnumerable<YamlValue> All() =>
        (_value is List<object?> ? Items : Keys.Select(key => this[key])).SelectMany(static one => one.All()).Prepend(this);

    /// <summary>Where it stands.</summary>
    public override string ToString() => _path;
}
