using System.Globalization;
using Deconfliction.Cli.Text;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Cli.Screens;

/// <summary>
/// What a command tells about one thing: named fields in order. It is the one source of the JSON line, the table row and the
/// page for a reader, so that these never differ.
/// </summary>
internal sealed class Record
{
    private readonly List<Field> _fields = [];

    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>The field as text for a reader; empty where there is none.</summary>
    public string this[string name] => In(Speech.English, name);

    /// <summary>The field as text for a reader of a language; empty where there is none.</summary>
    public string In(Speech speech, string name) => _fields.Find(field => field.Name == name)?.In(speech) ?? "";

    public Record Text(string name, string value) => With(name, value);

    /// <summary>A whole number; left out where there is none.</summary>
    public Record Number(string name, long? value) => value is { } number ? With(name, number) : this;

    public Record Seconds(string name, TimeSpan value) => With(name, Math.Round(value.TotalSeconds, 3));

    public Record Flag(string name, bool value) => With(name, value);

    /// <summary>A moment as RFC 3339 in UTC; left out where there is none.</summary>
    public Record Time(string name, Timestamp? value) =>
        value is null ? this : With(name, value.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));

    /// <summary>A part with fields of its own; left out where there is none.</summary>
    public Record Part(string name, Record? value) => value is null ? this : With(name, value);

    public Record List(string name, IEnumerable<Record> values) => With(name, values.ToList());

    private Record With(string name, object value)
    {
        _fields.Add(new Field(name, value));
        return this;
    }

    /// <summary>A name in snake_case, and a text, number, flag, record or list of records.</summary>
    internal sealed record Field(string Name, object Value)
    {
        /// <summary>Its text for a reader of a language. What others wrote stays as it is.</summary>
        public string In(Speech speech) => Value switch
        {
            bool flag => speech.Of(flag ? "yes" : "no"),
            Record part => string.Join(", ", part.Fields.Select(field => field.In(speech)).Where(text => text.Length > 0)),
            List<Record> list => list.Count.ToString(CultureInfo.InvariantCulture),
            _ => Convert.ToString(Value, CultureInfo.InvariantCulture) ?? "",
        };
    }
}
