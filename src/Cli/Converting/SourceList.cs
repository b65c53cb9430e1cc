using System.IO.Enumeration;
using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>Turns what a person named into inputs: files, patterns, archives of several files, <c>-</c> for standard input.</summary>
internal sealed class SourceList(CommandEnvironment environment) : IDisposable
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    readonly List<string> _spooled = [];

    /// <summary>The inputs in the order given; those of one pattern or archive in the order of their names.</summary>
    /// <exception cref="CommandFailedException">One is missing, or a pattern fits nothing.</exception>
    public async Task<IReadOnlyList<ConversionSource>> ReadAsync(IReadOnlyList<string> named, ConversionLimits limits, CancellationToken cancellationToken)
    {
        if (named.Count(n => n == StandardInput) > 1)
            throw new CommandFailedException(ExitCodes.Usage, "'-' is given twice, but standard input can be read only once.");
        var sources = new List<ConversionSource>();
        foreach (var name in named)
        {
            if (name == StandardInput)
                sources.AddRange(Files(new("standard input", await SpoolAsync(limits, cancellationToken), "stdin"), limits));
            else if (File.Exists(environment.Resolve(name)))
                sources.AddRange(Files(new(name, environment.Resolve(name), Path.GetFileName(name)), limits));
            else if (name.AsSpan().ContainsAny('*', '?'))
                sources.AddRange(Matching(name).SelectMany(s => Files(s, limits)));
            else if (Directory.Exists(environment.Resolve(name)))
                throw new CommandFailedException(ExitCodes.Usage, $"'{name}' is a folder: name its files, for example '{Path.Combine(name, "*.csv")}'.");
            else
                throw new CommandFailedException(ExitCodes.NotFound, $"There is no file '{environment.Resolve(name)}'.");
        }

        return sources;
    }

    static IEnumerable<ConversionSource> Files(ConversionSource source, ConversionLimits limits)
    {
        using var input = source.Open();
        try
        {
            return InputRecognition.FilesOf(input, limits) is { Count: > 1 } files
                ? files.Select(f => new ConversionSource($"{source.Shown}/{f}", source.Path, f.Replace('/', '-'), f)).ToList()
                : [source];
        }
        catch (ConversionException fault)
        {
            throw new CommandFailedException(ExitCodes.Unreadable, $"'{source.Shown}': {fault.Message}", fault);
        }
    }

    // The shell usually does this; it does not where the pattern is quoted.
    List<ConversionSource> Matching(string pattern)
    {
        var full = environment.Resolve(pattern).Replace('\\', '/');
        var fixedPart = full[..(full[..full.AsSpan().IndexOfAny('*', '?')].LastIndexOf('/') + 1)];
        var rest = full[fixedPart.Length..];
        var found = !Directory.Exists(fixedPart)
            ? []
            : new FileSystemEnumerable<string>(fixedPart, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = rest.Contains('/') })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && Fits(Path.GetRelativePath(fixedPart, entry.ToFullPath()).Replace('\\', '/').Split('/'), rest.Split('/')),
            }.Order(StringComparer.Ordinal).ToList();
        return found.Count > 0
            ? found.ConvertAll(f => new ConversionSource(Path.GetRelativePath(environment.Directory, f), f, Path.GetFileName(f)))
            : throw new CommandFailedException(ExitCodes.NotFound, $"No file fits '{pattern}'.");
    }

    /// <summary><c>**</c> stands for any folders, <c>*</c> and <c>?</c> for characters of one name.</summary>
    static bool Fits(ReadOnlySpan<string> path, ReadOnlySpan<string> pattern)
    {
        if (pattern.IsEmpty)
            return path.IsEmpty;
        if (pattern[0] == "**")
            return Fits(path, pattern[1..]) || (!path.IsEmpty && Fits(path[1..], pattern));
        return !path.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false) && Fits(path[1..], pattern[1..]);
    }

    async Task<string> SpoolAsync(ConversionLimits limits, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ingest-{Environment.ProcessId}-{_spooled.Count}-{environment.Time.GetTimestamp()}.stdin");
        _spooled.Add(path);
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
        await using var input = environment.OpenInput();
        var buffer = new byte[1 << 17];
        for (int read; (read = await input.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (file.Length > limits.MaxDecompressedBytes)
                throw new CommandFailedException(ExitCodes.Unreadable, $"Standard input is larger than {limits.MaxDecompressedBytes} bytes.");
        }

        return path;
    }

    /// <summary>Removes the copies of standard input.</summary>
    public void Dispose() => _spooled.ForEach(File.Delete);
}
