namespace DataIngestion.Conversion.Formats;

/// <summary>
/// Columns with values that the type which the content declares for them does not hold, such as decimals of more digits. The conversion begins anew,
/// and the reader gives them a type that does.
/// </summary>
internal sealed class OutgrownTypes
{
    readonly Dictionary<string, int> _steps = new(StringComparer.Ordinal);
    string? _news;

    /// <summary>How far a column's type has to be from the declared one: 0 for that itself.</summary>
    public int Steps(string column) => _steps.GetValueOrDefault(column);

    /// <summary>Notes that a column needs a wider type.</summary>
    /// <param name="what">The value, and what it is too large for, as a clause.</param>
    public void Outgrow(string column, int steps, string what)
    {
        if (steps <= Steps(column))
            return;
        _steps[column] = steps;
        _news ??= $"column '{column}' {what}";
    }

    /// <exception cref="TypesOutgrownException">A column needs a wider type than it was read with.</exception>
    public void Check()
    {
        if (_news is not { } news)
            return;
        _news = null;
        throw new TypesOutgrownException(news);
    }
}

/// <summary>The columns' types do not hold their values; with what <see cref="OutgrownTypes"/> knows now they may.</summary>
internal sealed class TypesOutgrownException(string what) : Exception($"The content breaks its own types: {what}.");
