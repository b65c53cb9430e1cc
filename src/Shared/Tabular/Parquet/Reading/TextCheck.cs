using System.Text.Unicode;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Refuses text that is not UTF-8.</summary>
internal static class TextCheck
{
    /// <param name="data">The bytes of the values, one after the other.</param>
    /// <param name="ends">Where each value ends.</param>
    public static void Check(ReadOnlySpan<byte> data, ReadOnlySpan<int> ends)
    {
        if (System.Text.Ascii.IsValid(data))
            return;
        if (!Utf8.IsValid(data))
            throw Wrong();

        // All together are UTF-8; so is each, unless one ends inside a character.
        foreach (var end in ends)
        {
            if (end < data.Length && (data[end] & 0xC0) == 0x80)
                throw Wrong();
        }
    }

    static InvalidDataException Wrong() => new("A value of a column of text is not UTF-8.");
}
