using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deconfliction.Cli.Screens;

/// <summary>Writes a record as one line of JSON. No reflection: the program must start quickly.</summary>
internal static class JsonLine
{
    // Relaxed leaves '+' and letters of all scripts readable; controls are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Record record)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            WriteObject(writer, record);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteObject(Utf8JsonWriter writer, Record record)
    {
        writer.WriteStartObject();
        foreach (var field in record.Fields)
        {
            writer.WritePropertyName(field.Name);
            WriteValue(writer, field.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case Record part:
                WriteObject(writer, part);
                break;
            case List<Record> list:
                writer.WriteStartArray();
                list.ForEach(item => WriteObject(writer, item));
                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), $"A record holds no {value.GetType().Name}.");
        }
    }
}
