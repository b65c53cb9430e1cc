using System.Text;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Sas;

/// <summary>Text of a data set, in its encoding, without the blanks that fill it up.</summary>
internal sealed class SasText
{
    readonly Encoding _encoding;
    readonly bool _keepsAscii;
    long _invalid;

    /// <param name="encoding">By its name.</param>
    public SasText(string encoding)
    {
        _encoding = InputStreams.Find(encoding);
        _keepsAscii = encoding is not ("utf-16" or "iso-2022-jp" or "iso-2022-kr") && _encoding.GetString("A z~"u8) == "A z~";
    }

    public IEnumerable<string> Notes => _invalid == 0 ? [] : [$"{_invalid} texts hold bytes that are none of {_encoding.WebName}, which are U+FFFD; 'encoding' says another"];

    /// <summary>A name or label.</summary>
    public string Of(ReadOnlySpan<byte> bytes) => _encoding.GetString(Trimmed(bytes));

    /// <summary>Adds a value; blanks are none.</summary>
    public void Append(ReadOnlySpan<byte> bytes, BytesBuilder to)
    {
        var text = Trimmed(bytes);
        if (text.IsEmpty)
        {
            to.AppendNull();
            return;
        }

        if (_keepsAscii && Ascii.IsValid(text))
        {
            to.Append(text);
            return;
        }

        var decoded = _encoding.GetString(text);
        if (decoded.Contains('\uFFFD', StringComparison.Ordinal))
            _invalid++;
        to.Append(decoded.AsSpan());
    }

    static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> bytes) => bytes.TrimEnd(" \0"u8);
}
