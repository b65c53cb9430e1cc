using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Cli.Tests;

/// <summary>Runs the command line in memory, in a checkout of its own.</summary>
internal sealed class CommandRun : IDisposable
{
    readonly TemporaryFolder _root = new("cli");
    readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();

    public string Root => _root.Path;

    public Dictionary<string, string?> Settings { get; } = [];

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public byte[] StandardInput { get; set; } = [];

    public MemoryStream StandardOutput { get; } = new();

    public Func<string, Stream>? CreateFile { get; set; }

    public CancellationToken Cancellation { get; set; } = TestContext.Current.CancellationToken;

    public CommandEnvironment Environment => new()
    {
        Output = Output,
        Error = Error,
        Root = Root,
        Directory = Root,
        Setting = name => Settings.GetValueOrDefault(name),
        Time = TimeProvider.System,
        Http = _services.GetRequiredService<IHttpClientFactory>(),
        OpenInput = () => new MemoryStream(StandardInput, writable: false),
        OpenOutput = () => StandardOutput,
        CreateFile = CreateFile ?? (path => new FileStream(path, FileMode.Create, FileAccess.ReadWrite)),
    };

    public string Text => Output.ToString();

    public string Fault => Error.ToString().TrimEnd();

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, Environment, Cancellation);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The files below the folder, with <c>/</c>, in order.</summary>
    public IReadOnlyList<string> Files() =>
        [.. Directory.GetFiles(Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _services.Dispose();
        _root.Dispose();
    }
}
