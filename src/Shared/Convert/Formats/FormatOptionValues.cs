using System.Globalization;

namespace DataIngestion.Conversion.Formats;

/// <summary>The options of one format, as configured. What is not configured is null.</summary>
internal sealed class FormatOptionValues(string format, FormatHint hint)
{
    /// <summary>An option as text.</summary>
    public string? Text(string name) => hint.Options.GetValueOrDefault(name);

    /// <summary>An option that is one of a few words.</summary>
    /// <exception cref="ConversionException">It is another.</exception>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text)
            return null;
        return words.Contains(text) ? text : throw Wrong(name, $"one of {string.Join(", ", words)}", text);
    }

    /// <summary>An option that is a whole number.</summary>
    /// <exception cref="ConversionException">It is no number, or out of range.</exception>
    public int? Whole(string name, int least, int most)
    {
        if (Text(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}", text);
    }

    /// <summary>An option that is true or false.</summary>
    /// <exception cref="ConversionException">It is neither.</exception>
    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var text => throw Wrong(name, "true or false", text),
    };

    /// <summary>The content of the file that an option names, which must lie in the folder for such files.</summary>
    /// <exception cref="ConversionException">The file is missing, elsewhere, or larger than <paramref name="most"/> bytes.</exception>
    public byte[]? File(string name, int most)
    {
        if (Text(name) is not { } text)
            return null;
        var folder = Path.GetFullPath(hint.OptionFolder ?? throw new ConversionException($"The option '{name}' of {format} names a file, '{text}', but there is no folder to find it in."));
        var path = Path.GetFullPath(text, folder);
        if (!hint.MayLeaveOptionFolder && !path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw Wrong(name, "a file in the configuration's folder", text);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new ConversionException($"The option '{name}' of {format} names a file that is not there: '{text}'.");
        return file.Length <= most ? System.IO.File.ReadAllBytes(path) : throw new ConversionException($"The file '{text}' of the option '{name}' has {file.Length} bytes: at most {most} are read.");
    }

    /// <summary>An option that cannot be understood.</summary>
    public ConversionException Wrong(string name, string expected, string found) => new($"The option '{name}' of {format} is '{found}': expected {expected}.");
}
