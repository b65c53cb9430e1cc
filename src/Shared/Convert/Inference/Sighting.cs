using System.Text;

namespace DataIngestion.Conversion.Inference;

/// <summary>Values that look alike: how many, the first, and the bounds of what was measured of them.</summary>
internal sealed class Sighting(TextShape shape, int digits, string text, long row)
{
    const int LongestText = 40;

    public TextShape Shape { get; } = shape;

    /// <summary>Digits after the point or the second.</summary>
    public int Digits { get; } = digits;

    /// <summary>The first such value, cut to 40 bytes.</summary>
    public string Text { get; } = text;

    /// <summary>Its record, from 1.</summary>
    public long Row { get; } = row;

    public long Count;

    /// <summary>The smallest: unscaled number, seconds, or bytes.</summary>
    public long Least = long.MaxValue;
    public long Most = long.MinValue;

    public static Sighting Of(TextShape shape, int digits, ReadOnlySpan<byte> text, long row) =>
        new(shape, digits, Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestText)]), row);

    public void See(long measured)
    {
        Count++;
        if (measured < Least)
            Least = measured;
        if (measured > Most)
            Most = measured;
    }

    /// <summary>This one and one of a later part of the input; either may be missing.</summary>
    public static Sighting? Merge(Sighting? earlier, Sighting? later, long rowsBefore)
    {
        if (later is null)
            return earlier;
        var merged = earlier ?? new(later.Shape, later.Digits, later.Text, later.Row + rowsBefore);
        merged.Count += later.Count;
        merged.Least = Math.Min(merged.Least, later.Least);
        merged.Most = Math.Max(merged.Most, later.Most);
        return merged;
    }

    /// <summary>The first text with <c>9</c> for digits, <c>A</c> and <c>a</c> for letters; the digits before a number's point count as one.</summary>
    public string Pattern
    {
        get
        {
            var pattern = new StringBuilder(Text.Length);
            var isNumber = (Shape & (TextShape.Integer | TextShape.Decimal)) != TextShape.None;
            foreach (var c in Text.TrimStart(isNumber ? '-' : ' '))
            {
                var mark = char.IsAsciiDigit(c) ? '9' : char.IsAsciiLetterUpper(c) ? 'A' : char.IsAsciiLetterLower(c) ? 'a' : c;
                if (!(isNumber && mark == '9' && pattern.Length == 1 && pattern[0] == '9'))
                    pattern.Append(mark);
            }

            return pattern.ToString();
        }
    }
}
