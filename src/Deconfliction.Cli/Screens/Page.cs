namespace Deconfliction.Cli.Screens;

/// <summary>A record for a reader: a field a line, lists indented under their name, empty fields left out.</summary>
internal static class Page
{
    public static void Write(TextWriter output, Record record) => Write(output, record, indent: "");

    /// <summary>The field's name as a reader says it.</summary>
    public static string Label(string name) => name.Replace('_', ' ');

    private static void Write(TextWriter output, Record record, string indent)
    {
        var shown = record.Fields.Where(field => field.Value is not "" and not List<Record> { Count: 0 }).ToList();
        var width = shown.Count == 0 ? 0 : shown.Max(field => field.Name.Length) + 2;
        foreach (var field in shown)
        {
            if (field.Value is List<Record> list)
            {
                output.WriteLine($"{indent}{Label(field.Name)}");
                foreach (var item in list)
                {
                    Write(output, item, indent + "  ");
                    output.WriteLine();
                }
            }
            else
            {
                output.WriteLine($"{indent}{Label(field.Name).PadRight(width)}{Printable.Of(field.ToString())}");
            }
        }
    }
}
