using System.Text;

namespace DataIngestion.Conversion.Values;

/// <summary>What values of a column become; others stay as they are.</summary>
internal sealed class ValueMap(IReadOnlyDictionary<string, string> values)
{
    readonly (byte[] From, byte[] To)[] _values = [.. values.Select(v => (Encoding.UTF8.GetBytes(v.Key), Encoding.UTF8.GetBytes(v.Value)))];

    /// <summary>What a value becomes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> value)
    {
        var trimmed = CellTrim.Trim(value);
        foreach (var (from, to) in _values)
        {
            if (trimmed.SequenceEqual(from))
                return to;
        }

        return value;
    }

    /// <summary>What a value becomes.</summary>
    public string Of(string value) => values.GetValueOrDefault(value, value);
}
