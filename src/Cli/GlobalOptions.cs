using System.CommandLine;

namespace DataIngestion.Cli;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>One JSON object a line instead of tables.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object a line, for programs.", Recursive = true };

    /// <summary>The platform's address.</summary>
    public Option<string?> Url { get; } = new("--url") { Description = "Address of the platform; default the one that runs here, else http://127.0.0.1:7071.", Recursive = true, HelpName = "URL" };

    /// <summary>The platform's data.</summary>
    public Option<string?> Data { get; } = new("--data") { Description = "Folder that holds a local platform's data; default the one used last.", Recursive = true, HelpName = "DIR" };

    /// <summary>Adds them to the root command.</summary>
    public void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        root.Options.Add(Url);
        root.Options.Add(Data);
    }
}
