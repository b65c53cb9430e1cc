using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>
/// Text of a column whose type is still open: no value was seen, or none that decides. It takes what leaves the question open; once it has
/// refused one value that settles it as text, it takes everything.
/// </summary>
internal sealed class OpenParser(BytesBuilder builder, ColumnProfile open) : CellParser
{
    ColumnProfile _probe = open.Copy();
    bool _isText;

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!_isText)
        {
            _probe.Add(text, CellKind.Quoted, row: 0);
            if (_probe.Decision != open.Decision)
            {
                // Whoever takes over looks at the text: it may be the reason of the column's type.
                _isText = _probe.IsText;
                if (!_isText)
                    _probe = open.Copy();
                return false;
            }
        }

        builder.Append(text);
        return true;
    }
}

/// <summary>A column of an expected type of which no value was seen: the first one may show that the type has to be wider.</summary>
internal sealed class NoParser : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text) => false;
}
