using System.IO.Enumeration;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Cli.Converting;

/// <summary>Turns what a person named into inputs: files, patterns, members of archives, tables, <c>-</c> for standard input. Inputs can be opened until this is disposed.</summary>
internal sealed class SourceList(CommandEnvironment environment) : IDisposable
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Stands for every table of an input.</summary>
    public const string AllTables = "all";

    readonly List<string> _spooled = [];
    readonly List<InputParts> _archives = [];

    /// <summary>The inputs in the order given; those of one pattern or archive in the order of their names.</summary>
    /// <exception cref="CommandFailedException">One is missing, or a pattern fits nothing.</exception>
    public async Task<IReadOnlyList<ConversionSource>> ReadAsync(IReadOnlyList<string> named, ConversionLimits limits, CancellationToken cancellationToken) =>
        [.. (await FilesAsync(named, limits, cancellationToken)).SelectMany(s => Members(s, limits))];

    /// <summary>The files themselves, archives as one.</summary>
    /// <exception cref="CommandFailedException">One is missing, or a pattern fits nothing.</exception>
    public async Task<IReadOnlyList<ConversionSource>> FilesAsync(IReadOnlyList<string> named, ConversionLimits limits, CancellationToken cancellationToken)
    {
        if (named.Count(n => n == StandardInput) > 1)
            throw new CommandFailedException(ExitCodes.Usage, "'-' is given twice, but standard input can be read only once.");
        var sources = new List<ConversionSource>();
        foreach (var name in named)
        {
            if (name == StandardInput)
                sources.Add(FileAt("standard input", await SpoolAsync(limits, cancellationToken), "stdin"));
            else if (File.Exists(environment.Resolve(name)))
                sources.Add(FileAt(name, environment.Resolve(name), Path.GetFileName(name)));
            else if (name.AsSpan().ContainsAny('*', '?'))
                sources.AddRange(Matching(name));
            else if (Directory.Exists(environment.Resolve(name)))
                throw new CommandFailedException(ExitCodes.Usage, $"'{name}' is a folder: name its files, for example '{Path.Combine(name, "*.csv")}'.");
            else
                throw new CommandFailedException(ExitCodes.NotFound, $"There is no file '{environment.Resolve(name)}'.");
        }

        return sources;
    }

    /// <summary>The inputs, of those that hold several tables one for each.</summary>
    /// <param name="sources">What <see cref="ReadAsync"/> found.</param>
    /// <param name="request">What is said about the format; the table <c>all</c> stands for every table.</param>
    /// <param name="specifications">What formats take.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailedException">One cannot be read, or has no such table.</exception>
    public static async Task<IReadOnlyList<ConversionSource>> TablesAsync(
        IReadOnlyList<ConversionSource> sources, ConversionRequest request, FormatSpecifications specifications, CancellationToken cancellationToken)
    {
        var all = request.Hint.Table == AllTables;
        var parts = new List<ConversionSource>();
        foreach (var source in sources)
        {
            try
            {
                var asked = request with { Name = source.Name, Hint = all ? request.Hint with { Table = null } : request.Hint };
                var tables = await InputParts.TablesAsync(source.Open, asked, specifications, all, cancellationToken);
                parts.AddRange(tables.Count == 1
                    ? [source with { Table = tables[0] }]
                    : tables.Select(t => source with { Shown = $"{source.Shown}/{t}", Table = t, Stem = $"{source.Stem}-{Targets.Safe(t!)}" }));
            }
            catch (ConversionException fault)
            {
                throw new CommandFailedException(ExitCodes.Unreadable, $"'{source.Shown}': {fault.Message}", fault);
            }
        }

        return parts;
    }

    static ConversionSource FileAt(string shown, string path, string name) => new(shown, path, name, Targets.StemOf(name));

    List<ConversionSource> Members(ConversionSource source, ConversionLimits limits)
    {
        try
        {
            var archive = InputParts.Find(source.Open, source.Name, limits);
            _archives.Add(archive);
            foreach (var note in archive.Notes)
                environment.Error.WriteLine($"ingest: {source.Shown}: {note}");
            return archive.Parts switch
            {
                [{ Member: null }] => [source],
                [] => throw new CommandFailedException(ExitCodes.Unreadable, $"'{source.Shown}': The archive holds no files."),
                [var only] => [source with { Name = only.Name ?? source.Name, Member = only }],
                var parts => [.. parts.Select(p => new ConversionSource($"{source.Shown}/{p.Member}", source.Path, p.Name ?? source.Name, Targets.Safe(Targets.StemOf(p.Member!))) { Member = p })],
            };
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
            ? found.ConvertAll(f => FileAt(Path.GetRelativePath(environment.Directory, f), f, Path.GetFileName(f)))
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

    /// <summary>Removes the copies of standard input and of archives.</summary>
    public void Dispose()
    {
        _archives.ForEach(a => a.Dispose());
        _spooled.ForEach(File.Delete);
    }
}
