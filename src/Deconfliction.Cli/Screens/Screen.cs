using Deconfliction.Cli.Text;
using Spectre.Console;

namespace Deconfliction.Cli.Screens;

/// <summary>
/// Where a command writes. In JSON mode standard output holds one object a line and nothing else; notes and errors go to
/// standard error in either mode.
/// </summary>
internal sealed class Screen(TextWriter output, TextWriter error, bool json, bool outputIsTerminal, Speech? speech = null)
{
    // A table in a pipe or a file is not cut to the width of some terminal.
    private const int WidthOfAFile = 2_000;

    public bool Json => json;

    /// <summary>The language of what is written for readers.</summary>
    public Speech Speech { get; } = speech ?? Speech.English;

    /// <summary>One thing: a line of JSON, or its fields under each other.</summary>
    public void Show(Record record)
    {
        if (json)
        {
            output.WriteLine(JsonLine.Of(record));
        }
        else
        {
            Page.Write(output, record, Speech);
        }
    }

    /// <summary>A line of JSON in JSON mode, else nothing.</summary>
    public void OnlyJson(Record record)
    {
        if (json)
        {
            output.WriteLine(JsonLine.Of(record));
        }
    }

    /// <summary>A line for a reader; nothing in JSON mode.</summary>
    public void Say(string text)
    {
        if (!json)
        {
            output.WriteLine(Printable.Of(Speech.Of(text)));
        }
    }

    /// <summary>A line that is in the reader's language already; nothing in JSON mode.</summary>
    public void SayAsItIs(string text)
    {
        if (!json)
        {
            output.WriteLine(Printable.Of(text));
        }
    }

    /// <summary>Records as a table for a reader; nothing in JSON mode.</summary>
    public void Table(IReadOnlyList<string> columns, IReadOnlyCollection<Record> records)
    {
        if (json || records.Count == 0)
        {
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(Speech.LabelOf(column))) { NoWrap = !outputIsTerminal });
        }

        foreach (var record in records)
        {
            table.AddRow(columns.Select(column => new Spectre.Console.Text(Printable.Of(record.In(Speech, column)))));
        }

        Console().Write(table);
    }

    /// <summary>Advice or a warning, on standard error.</summary>
    public void Note(string text) => error.WriteLine(json ? JsonLine.Of(new Record().Text("note", text)) : Printable.Of(Speech.Of(text)));

    /// <summary>An error, on standard error: one object in JSON mode, else lines.</summary>
    public void Fail(Problem problem) => problem.WriteTo(error, json, Speech);

    /// <summary>Brings what was written to its reader.</summary>
    public void Flush()
    {
        output.Flush();
        error.Flush();
    }

    private IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = outputIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = outputIsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = outputIsTerminal ? Math.Max(80, System.Console.WindowWidth) : WidthOfAFile;
        return console;
    }
}
