using System.Text;

namespace DataIngestion.Contracts;

/// <summary>What a step of a <see cref="RecordPath"/> leads to.</summary>
public enum RecordStepKind
{
    /// <summary>One property of an object.</summary>
    Property,

    /// <summary>Every element of an array.</summary>
    Elements,

    /// <summary>One element of an array.</summary>
    Element,

    /// <summary>Every entry of an object, or those whose key has a beginning and an end.</summary>
    Entries,
}

/// <summary>One step of a <see cref="RecordPath"/>.</summary>
public sealed class RecordStep
{
    readonly byte[] _name; // of entries what their keys begin with
    readonly byte[] _suffix;

    RecordStep(RecordStepKind kind, string name = "", string? capture = null, string suffix = "", int index = 0) =>
        (Kind, _name, Capture, _suffix, Index) = (kind, Encoding.UTF8.GetBytes(name), capture, Encoding.UTF8.GetBytes(suffix), index);

    /// <summary>Every element of an array.</summary>
    public static RecordStep Elements { get; } = new(RecordStepKind.Elements);

    /// <summary>What it leads to.</summary>
    public RecordStepKind Kind { get; }

    /// <summary>The column that takes the keys of entries; null for none.</summary>
    public string? Capture { get; }

    /// <summary>Zero-based place of an element.</summary>
    public int Index { get; }

    /// <summary>One property.</summary>
    public static RecordStep Property(string name) => new(RecordStepKind.Property, name);

    /// <summary>One element.</summary>
    public static RecordStep Element(int index) => new(RecordStepKind.Element, index: index);

    /// <summary>The entries of an object.</summary>
    /// <param name="capture">Column that takes their keys, without what is given as beginning and end; null for none.</param>
    /// <param name="prefix">What a key has to begin with.</param>
    /// <param name="suffix">What a key has to end with.</param>
    public static RecordStep Entries(string? capture, string prefix = "", string suffix = "") => new(RecordStepKind.Entries, prefix, capture, suffix);

    /// <summary>Whether the step leads through an object's property.</summary>
    /// <param name="name">Its name in UTF-8, without escapes.</param>
    public bool Takes(ReadOnlySpan<byte> name) => Kind switch
    {
        RecordStepKind.Property => name.SequenceEqual(_name),
        RecordStepKind.Entries => name.Length >= _name.Length + _suffix.Length && name.StartsWith(_name) && name.EndsWith(_suffix),
        _ => false,
    };

    /// <summary>Whether the step leads through an array's element at a zero-based place.</summary>
    public bool Takes(int index) => Kind is RecordStepKind.Elements || (Kind is RecordStepKind.Element && index == Index);

    /// <inheritdoc />
    public override string ToString() => Kind switch
    {
        RecordStepKind.Property => $"['{Encoding.UTF8.GetString(_name)}']",
        RecordStepKind.Elements => "[*]",
        RecordStepKind.Element => FormattableString.Invariant($"[{Index}]"),
        _ when Capture is null => ".*",
        _ => $".{Encoding.UTF8.GetString(_name)}{{{Capture}}}{Encoding.UTF8.GetString(_suffix)}",
    };

    /// <summary>What the column gets of a key that it takes.</summary>
    public ReadOnlySpan<byte> CapturedOf(ReadOnlySpan<byte> name) => name[_name.Length..^_suffix.Length];
}
