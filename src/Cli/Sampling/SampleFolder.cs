using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Sampling;

/// <summary>A folder of this machine in the place of a provider's file system: what is read, in which order and how it is tracked stays as defined.</summary>
internal sealed class SampleFolder : IDisposable
{
    // Files count as complete some time after they were last written.
    static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("ingest-sample-").FullName;

    /// <summary>A connection to it instead of to the provider.</summary>
    public ConnectionDefinition InPlaceOf(ConnectionDefinition connection) => new() { System = "local", BaseUrl = new Uri(Path).AbsoluteUri, Limits = connection.Limits };

    /// <summary>Adds a run's files to those of the runs before.</summary>
    public void Fill(IReadOnlyDictionary<string, SampleContent> files, SampleFile sample, DateTimeOffset now)
    {
        foreach (var (name, content) in files)
        {
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, name));
            if (!path.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new StepFailedException(new() { Code = "sample", Message = $"'{name}' is not the name of a file below the base address." });
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content.File is { } file ? File.ReadAllBytes(sample.PathOf(file)) : Encoding.UTF8.GetBytes(content.Text!));
            File.SetLastWriteTimeUtc(path, (now - Age).UtcDateTime);
        }
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
