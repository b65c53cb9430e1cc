namespace DataIngestion.Cli.Converting;

/// <summary>A file under another name until it is whole; removed if it never is.</summary>
internal sealed class Draft(CommandEnvironment environment, string output) : IAsyncDisposable
{
    bool _isBegun;
    readonly bool _isStandardOutput = output == Targets.StandardOutput;

    /// <summary>Where it is written.</summary>
    public string Path { get; } = output == Targets.StandardOutput
        ? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ingest-{Environment.ProcessId}-{environment.Time.GetTimestamp()}.part")
        : $"{output}.{Environment.ProcessId}.part";

    /// <summary>Begins it.</summary>
    public Stream Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        _isBegun = true;
        return environment.CreateFile(Path);
    }

    /// <summary>Gives it its name, in place of what had it. A draft that was never begun removes that instead.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        if (!_isBegun)
        {
            File.Delete(output);
        }
        else if (_isStandardOutput)
        {
            await using var content = File.OpenRead(Path);
            await using var target = environment.OpenOutput();
            await content.CopyToAsync(target, cancellationToken);
        }
        else
        {
            File.Move(Path, output, overwrite: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        File.Delete(Path);
        return ValueTask.CompletedTask;
    }
}
