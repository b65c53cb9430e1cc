using System.Text;

namespace DataIngestion.Conversion.Inference;

/// <summary>The texts that mean "no value".</summary>
internal sealed class NullSpellings
{
    readonly byte[][] _spellings;
    readonly int[][] _byLength;
    readonly bool[] _firstBytes = new bool[256];

    public NullSpellings(IEnumerable<string> spellings)
    {
        Texts = [.. spellings.Distinct(StringComparer.Ordinal)];
        _spellings = [.. Texts.Select(Encoding.UTF8.GetBytes)];
        _byLength = new int[_spellings.Length == 0 ? 0 : _spellings.Max(s => s.Length) + 1][];
        for (var length = 0; length < _byLength.Length; length++)
            _byLength[length] = [.. Enumerable.Range(0, _spellings.Length).Where(i => _spellings[i].Length == length)];
        foreach (var spelling in _spellings.Where(s => s.Length > 0))
            _firstBytes[spelling[0]] = true;
    }

    /// <summary>The spellings, each once.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Every spelling.</summary>
    public IEnumerable<byte[]> All => _spellings;

    public bool Contains(ReadOnlySpan<byte> text) => IndexOf(text) >= 0;

    /// <summary>The place of the text in <see cref="Texts"/>, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= _byLength.Length || (text.Length > 0 && !_firstBytes[text[0]]))
            return -1;
        foreach (var spelling in _byLength[text.Length])
        {
            if (text.SequenceEqual(_spellings[spelling]))
                return spelling;
        }

        return -1;
    }
}
