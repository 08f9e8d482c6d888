using Deconfliction.Cli.Screens;
using Deconfliction.Cli.Text;

namespace Deconfliction.Cli.Import;

/// <summary>A line of an import file that made no claim.</summary>
/// <param name="Line">Its number in the file, from 1; of a record over several lines the first.</param>
/// <param name="Field">The column at fault; empty if the line as a whole is.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Reason">A stable code.</param>
/// <param name="Description">What is wrong, for a reader.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record Rejection(long Line, string Field, string Value, string Reason, string Description, string Remedy)
{
    private const int ShownLength = 256;

    public Record ToRecord() => new Record()
        .Number("line", Line)
        .Text("field", Field)
        .Text("value", Value.Length <= ShownLength ? Value : Value[..ShownLength] + "…")
        .Text("reason", Reason)
        .Text("description", Description)
        .Text("remedy", Remedy);

    /// <summary>A line for a reader.</summary>
    public string Sentence(Speech speech)
    {
        var value = Value.Length == 0 ? "" : $" '{(Value.Length <= ShownLength ? Value : Value[..ShownLength] + "…")}'";
        var remedy = Remedy.Length == 0 ? "" : $" {speech.Of(Remedy)}";
        return $"{speech.Of("line")} {Line}: {(Field.Length == 0 ? speech.Of("rejected") : Field)}{value}: {Reason}: {speech.Of(Description)}{remedy}";
    }
}
