using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Conversion.Values.Kernels;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Values.Kernels;

/// <summary>Holds a kernel against the parser that rows are read with, and a strict one against inference.</summary>
internal sealed class KernelOracle<T, TKernel>(DataType type, TKernel kernel, TKernel strict, params string[] seen)
    where T : unmanaged, IComparable<T>
    where TKernel : struct, ICellKernel<T>
{
    static readonly NullSpellings NoNulls = new([]);
    readonly FixedBuilder<T> _builder = (FixedBuilder<T>)ColumnBuilder.For(type);
    readonly Random _random = new(7);
    TKernel _kernel = kernel;
    TKernel _strict = strict;

    /// <summary>How many texts the quick way read.</summary>
    public int Quick { get; private set; }

    /// <summary>Whether the type is one that inference gives; otherwise the second kernel is not looked at.</summary>
    public bool HasInference { get; init; } = true;

    public void Check(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var trimmed = CellTrim.Trim(bytes);
        var parser = CellParser.For(type, _builder, ColumnFormat.Default);
        var expected = parser.TryAppend(trimmed) ? Taken() : (T?)null;
        Check(ref _kernel, bytes, expected, $"'{text}' as {type}");
        if (!HasInference)
            return;
        var inferred = expected is not null && IsInferred(bytes) ? expected : null;
        Check(ref _strict, bytes, inferred, $"'{text}' as inferred {type}");
    }

    void Check(ref TKernel kernel, byte[] bytes, T? expected, string what)
    {
        Assert.True(expected is { } any ? kernel.TryReadAny(CellTrim.Trim(bytes), out var read) && Same(read, any) : !kernel.TryReadAny(CellTrim.Trim(bytes), out _), what);
        // Whatever stands around the cell must not matter, nor that it stands at an end of the data.
        foreach (var (before, after) in new[] { (48, 48), (0, 48), (48, 0), (0, 0), (_random.Next(20), _random.Next(40)) })
        {
            var data = new byte[before + bytes.Length + after];
            for (var i = 0; i < data.Length; i++)
                data[i] = (byte)"0123456789,.-+:e \"\n"[_random.Next(19)];
            bytes.CopyTo(data, before);
            if (!kernel.TryRead(data, before, bytes.Length, out var quick))
                continue;
            Quick++;
            Assert.True(expected is { } value && Same(quick, value), $"{what}: {quick}, not {expected}");
        }
    }

    static bool Same(T left, T right) => left.CompareTo(right) == 0 && (left is not double d || double.IsNegative(d) == double.IsNegative((double)(object)right));

    T Taken()
    {
        using var column = (FixedColumn<T>)_builder.Detach();
        return column.Values[0];
    }

    bool IsInferred(byte[] bytes)
    {
        var profile = new ColumnProfile(NoNulls);
        foreach (var text in seen)
            profile.Add(Encoding.UTF8.GetBytes(text), CellKind.Text, 1);
        Assert.Equal(type, profile.Infer().Type);
        profile.Add(bytes, CellKind.Text, 1);
        return profile.Infer().Type == type;
    }
}
