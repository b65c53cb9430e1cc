using System.Text;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Recognises the spellings of "no value" in one column and counts each of them.</summary>
internal sealed class SpelledNulls(NullSpellings nulls)
{
    readonly List<(byte[] Text, long Counted, long Pending)> _seen = [];

    /// <summary>Whether the text, blanks included, means that there is no value.</summary>
    public bool TryCount(ReadOnlySpan<byte> text)
    {
        if (!nulls.Contains(text))
            return false;
        for (var i = 0; i < _seen.Count; i++)
        {
            var (known, counted, pending) = _seen[i];
            if (!text.SequenceEqual(known))
                continue;
            _seen[i] = (known, counted, pending + 1);
            return true;
        }

        _seen.Add((text.ToArray(), 0, 1));
        return true;
    }

    /// <summary>Forgets what was counted since the last <see cref="Keep"/>.</summary>
    public void Drop()
    {
        for (var i = 0; i < _seen.Count; i++)
            _seen[i] = _seen[i] with { Pending = 0 };
    }

    public void Keep()
    {
        for (var i = 0; i < _seen.Count; i++)
            _seen[i] = (_seen[i].Text, _seen[i].Counted + _seen[i].Pending, 0);
    }

    /// <summary>How often each spelling stood for no value, since the last call.</summary>
    public Dictionary<string, long> Take()
    {
        var counts = _seen.Where(s => s.Counted > 0).ToDictionary(s => Encoding.UTF8.GetString(s.Text), s => s.Counted, StringComparer.Ordinal);
        for (var i = 0; i < _seen.Count; i++)
            _seen[i] = _seen[i] with { Counted = 0 };
        return counts;
    }
}
