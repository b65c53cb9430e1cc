using System.Text.Json;
using DataIngestion.Contracts;
using Spectre.Console;

namespace DataIngestion.Cli;

/// <summary>Everything a command touches outside itself, so that tests can run the whole command line in memory.</summary>
internal sealed record CommandEnvironment
{
    /// <summary>Results go here and nothing else.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Errors and remarks.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The repository's root, where <c>configs/</c>, <c>workflows/</c>, <c>samples/</c> and <c>.local/</c> lie.</summary>
    public required string Root { get; init; }

    /// <summary>The folder the person is in; relative files are relative to it.</summary>
    public required string Directory { get; init; }

    /// <summary>Settings: the environment's variables.</summary>
    public required Func<string, string?> Setting { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>For calls to the platform.</summary>
    public required IHttpClientFactory Http { get; init; }

    /// <summary>Whether a person watches, so that progress may move and colours are welcome.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Opens standard input as bytes.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Opens standard output as bytes.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>Creates a file for reading and writing, in place of one of that name.</summary>
    public Func<string, Stream> CreateFile { get; init; } = path => new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, BufferSize = 1 << 16 });

    /// <summary>Where running platforms leave what other commands need to find them.</summary>
    public string LocalFolder => Setting("INGEST_LOCAL") is { Length: > 0 } other ? Resolve(other) : Path.Combine(Root, ".local");

    /// <summary>A file as the person named it.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, Directory);

    /// <summary>A console on <see cref="Output"/>; without a terminal it has no colours and lines are as long as they need to be.</summary>
    public IAnsiConsole CreateConsole() => CreateConsole(Output);

    /// <summary>A console on <see cref="Error"/>.</summary>
    public IAnsiConsole CreateErrorConsole() => CreateConsole(Error);

    /// <summary>Prints one value as one line of JSON.</summary>
    public void WriteJson<T>(T value) => Output.WriteLine(JsonSerializer.Serialize(value, ContractJson.Options));

    IAnsiConsole CreateConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!IsTerminal)
            console.Profile.Width = 200;
        return console;
    }
}
