using System.Text;

namespace DataIngestion.Contracts;

/// <summary>One definition file.</summary>
/// <param name="File">Its path as faults name it.</param>
/// <param name="Stem">Its name without extension, which is the definition's id.</param>
/// <param name="Definition">What it defines; null when that could not be read.</param>
internal sealed record DefinitionFile<T>(string File, string Stem, T? Definition)
    where T : class;

/// <summary>Reads folders of definitions.</summary>
internal sealed class DefinitionFiles(ICollection<ConfigurationFault> faults, YamlSourceMap map)
{
    /// <summary>Bytes of one file; a definition is a page, not a data set.</summary>
    internal const int MaxBytes = 1 << 20;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly RecordShapes _shapes = new();

    /// <summary>The definitions in a folder, by file name.</summary>
    public IReadOnlyList<DefinitionFile<T>> Read<T>(string folder, string what)
        where T : class
    {
        var shown = folder.Replace('\\', '/').TrimEnd('/');
        try
        {
            var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToList();
            foreach (var misnamed in files.Where(f => Path.GetExtension(f).ToLowerInvariant() is ".yml" or ".yaml" && !IsDefinition(f)))
                faults.Add(new($"{shown}/{Path.GetFileName(misnamed)}", 0, "expected the extension '.yaml'; the file is not read."));
            return files.Where(IsDefinition).Select(f => ReadFile<T>(f, $"{shown}/{Path.GetFileName(f)}")).ToList();
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(shown, 0, $"expected a folder with {what}: {missing.Message}"));
            return [];
        }
    }

    /// <summary>The definition in one file.</summary>
    public DefinitionFile<T> ReadFile<T>(string path, string shown)
        where T : class
    {
        var definition = Text(path, shown) is { } text && new YamlComposer(shown, faults).Compose(text) is { } document
            ? new YamlBinder(shown, faults, map, _shapes).Bind<T>(document)
            : null;
        return new(shown, Path.GetFileNameWithoutExtension(path), definition);
    }

    string? Text(string path, string shown)
    {
        byte[] bytes = [];
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                faults.Add(new(shown, 0, $"the file has {stream.Length} bytes: expected at most {MaxBytes}."));
                return null;
            }

            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var text = Strict.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException fault)
        {
            var line = 1 + bytes.AsSpan(0, Math.Clamp(fault.Index, 0, bytes.Length)).Count((byte)'\n');
            faults.Add(new(shown, line, "the file is not UTF-8 here: expected text in UTF-8."));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(shown, 0, $"cannot be read: {unreadable.Message}"));
        }

        return null;
    }

    static bool IsDefinition(string path) => Path.GetExtension(path) == ".yaml";
}
