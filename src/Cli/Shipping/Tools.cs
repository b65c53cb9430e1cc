using System.Diagnostics;
using System.Text;

namespace DataIngestion.Cli.Shipping;

/// <summary>What a program answered.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for people.</summary>
    public string All => string.Join('\n', new[] { Output.TrimEnd(), Error.TrimEnd() }.Where(t => t.Length > 0));
}

/// <summary>Runs other programs of the PATH, in the checkout.</summary>
internal sealed class Tools(CommandEnvironment environment)
{
    /// <summary>Where a program lies; null when it is not installed.</summary>
    public string? Find(string name)
    {
        IEnumerable<string> names = OperatingSystem.IsWindows() ? [$"{name}.exe", $"{name}.cmd", name] : [name];
        return (environment.Setting("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(n => Path.Combine(folder, n)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a program to its end. It is stopped, with all that it started, when the command is.</summary>
    /// <exception cref="CommandFailedException">It is not installed.</exception>
    public async Task<ToolRun> RunAsync(string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(name, arguments, new Dictionary<string, string>(), environment.Root);
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts a program that the caller stops.</summary>
    public Process Start(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, string folder)
    {
        var path = Find(name) ?? throw new CommandFailedException(ExitCodes.Configuration, $"'{name}' is not installed or not on the PATH.");
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Which build is made is said by arguments alone.
        start.Environment.Remove("FunctionsHost");
        start.Environment["PATH"] = environment.Setting("PATH");
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        return Process.Start(start) ?? throw new CommandFailedException(ExitCodes.Failed, $"'{path}' could not be started.");
    }

    static void Keep(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
    }
}
