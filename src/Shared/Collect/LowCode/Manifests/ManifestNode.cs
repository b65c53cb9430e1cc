namespace DataIngestion.Collect;

/// <summary>A part of a manifest that knows its line.</summary>
internal abstract class ManifestNode(int line)
{
    /// <summary>Where it was written, from 1; what a reference brought in keeps the line it was written on.</summary>
    public int Line { get; } = line;

    /// <summary>The part as plain values: null, bool, long, decimal, double, string, lists and maps.</summary>
    public abstract object? Plain();

    /// <summary>A copy that shares nothing.</summary>
    public abstract ManifestNode Copy();
}

/// <summary>One value.</summary>
internal sealed class ManifestValue(int line, object? value) : ManifestNode(line)
{
    /// <summary>Null, bool, long, BigInteger, decimal, double or string.</summary>
    public object? Value { get; } = value;

    public override object? Plain() => Value;

    public override ManifestNode Copy() => this; // never changed
}

/// <summary>A list.</summary>
internal sealed class ManifestItems(int line, List<ManifestNode> items) : ManifestNode(line)
{
    public List<ManifestNode> Items { get; } = items;

    public override object? Plain() => Items.Select(i => i.Plain()).ToList();

    public override ManifestNode Copy() => new ManifestItems(Line, [.. Items.Select(i => i.Copy())]);
}
