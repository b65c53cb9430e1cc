using System.Text;

namespace DataIngestion.Conversion.Inference;

/// <summary>The texts that mean "no value".</summary>
internal sealed class NullSpellings
{
    readonly byte[][][] _byLength;

    public NullSpellings(IEnumerable<string> spellings)
    {
        var all = spellings.Select(Encoding.UTF8.GetBytes).ToArray();
        _byLength = new byte[all.Length == 0 ? 0 : all.Max(s => s.Length) + 1][][];
        for (var length = 0; length < _byLength.Length; length++)
            _byLength[length] = [.. all.Where(s => s.Length == length)];
    }

    /// <summary>Every spelling.</summary>
    public IEnumerable<byte[]> All => _byLength.SelectMany(s => s);

    public bool Contains(ReadOnlySpan<byte> text)
    {
        if (text.Length >= _byLength.Length)
            return false;
        foreach (var spelling in _byLength[text.Length])
        {
            if (text.SequenceEqual(spelling))
                return true;
        }

        return false;
    }
}
