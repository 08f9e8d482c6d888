using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Server.Hosting;

/// <summary>The operator's lists of hazards, over those built in.</summary>
internal static class HazardLists
{
    /// <exception cref="StartException">A list cannot be read.</exception>
    public static HazardCatalogue Read(IEnumerable<string> files)
    {
        var catalogue = HazardCatalogue.BuiltIn;
        foreach (var file in files)
        {
            try
            {
                catalogue = catalogue.WithMispWarningList(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
            }
            catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
            {
                throw new StartException(
                    $"--hazards is '{file}', which cannot be read ({problem.Message.TrimEnd('.')}). Give a list in the JSON of MISP's warning lists.",
                    problem, ExitStatus.WrongUse);
            }
        }

        return catalogue;
    }
}

/// <summary>The server cannot start as it is set up; the message says what to do.</summary>
internal sealed class StartException(string message, Exception? inner = null, int exitStatus = ExitStatus.CannotStart) : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public int Ends => exitStatus;
}
