using Deconfliction.Cli.Text;

namespace Deconfliction.Cli.Screens;

/// <summary>A record for a reader: a field a line, lists indented under their name, empty fields left out.</summary>
internal static class Page
{
    public static void Write(TextWriter output, Record record, Speech speech) => Write(output, record, speech, indent: "");

    private static void Write(TextWriter output, Record record, Speech speech, string indent)
    {
        var shown = record.Fields.Where(field => field.Value is not "" and not List<Record> { Count: 0 }).ToList();
        var width = shown.Count == 0 ? 0 : shown.Max(field => speech.LabelOf(field.Name).Length) + 2;
        foreach (var field in shown)
        {
            if (field.Value is List<Record> list)
            {
                output.WriteLine($"{indent}{speech.LabelOf(field.Name)}");
                foreach (var item in list)
                {
                    Write(output, item, speech, indent + "  ");
                    output.WriteLine();
                }
            }
            else
            {
                output.WriteLine($"{indent}{speech.LabelOf(field.Name).PadRight(width)}{Printable.Of(field.In(speech))}");
            }
        }
    }
}
