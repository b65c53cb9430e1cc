using DataIngestion.Contracts;

namespace DataIngestion.Conversion.Json;

/// <summary>Where the records of a JSON text are.</summary>
/// <param name="HasParallelArrays">Whether they stand in columns there.</param>
internal sealed record JsonPath(RecordPath Path, bool HasParallelArrays = false)
{
    public static JsonPath Root { get; } = new(RecordPath.Root);

    public string Text => Path.Text;

    public IReadOnlyList<RecordStep> Steps => Path.Steps;

    /// <summary>Whether whole texts are the records.</summary>
    public bool IsRoot => Steps.Count == 0 && !HasParallelArrays;

    /// <exception cref="ConversionException">It is no path.</exception>
    public static JsonPath Parse(string text, bool hasParallelArrays = false) =>
        RecordPath.TryParse(text, out var path, out var fault) ? new(path, hasParallelArrays) : throw new ConversionException(fault);
}
