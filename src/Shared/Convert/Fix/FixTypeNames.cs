using System.Text;

namespace DataIngestion.Conversion.Fix;

/// <summary>Types of messages as strings, without making one for each message. Not thread-safe.</summary>
internal sealed class FixTypeNames
{
    const int MostBytes = 32;
    const int MostKept = 1000;
    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string Of(ReadOnlySpan<byte> value)
    {
        if (value.Length > MostBytes)
            return Encoding.Latin1.GetString(value);
        Span<char> characters = stackalloc char[MostBytes];
        characters = characters[..Encoding.Latin1.GetChars(value, characters)];
        if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters, out var known))
            return known;
        var text = characters.ToString();
        if (_known.Count < MostKept)
            _known.Add(text);
        return text;
    }
}
