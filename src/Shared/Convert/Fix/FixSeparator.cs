namespace DataIngestion.Conversion.Fix;

/// <summary>
/// What stands between the fields of a message: SOH as FIX wants, or what a log writes in its place. Each message shows its own between
/// BeginString and BodyLength.
/// </summary>
internal static class FixSeparator
{
    /// <summary>The longest separator.</summary>
    public const int MostBytes = 8;

    public const byte Soh = 1;

    /// <summary>Spellings that end in a digit, so that the field's number does not show where they end. The last is U+2401, a picture of SOH.</summary>
    static readonly byte[][] Spelled = ["\\x01"u8.ToArray(), "\\u0001"u8.ToArray(), "\\001"u8.ToArray(), "\\1"u8.ToArray(), "&#1;"u8.ToArray(), "&#x1;"u8.ToArray(), "&#x01;"u8.ToArray()];

    /// <summary>The bytes between BeginString's value and the next field.</summary>
    /// <param name="text">Begins behind the value.</param>
    public static int Length(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] == Soh)
            return 1;
        foreach (var spelled in Spelled)
        {
            if (text.StartsWith(spelled))
                return spelled.Length;
        }

        var length = text[..Math.Min(text.Length, MostBytes)].IndexOfAnyInRange((byte)'0', (byte)'9');
        return length > 0 ? length : 0;
    }
}
