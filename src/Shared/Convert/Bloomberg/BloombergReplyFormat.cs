using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Bloomberg;

/// <summary>
/// Reply and bulk files of Bloomberg's Data License: a header of <c>KEY=VALUE</c>, the names of the fields, and the data between
/// <c>START-OF-DATA</c> and <c>END-OF-DATA</c>. See docs/formats/bloomberg-reply.md.
/// </summary>
internal sealed class BloombergReplyFormat : IRowFormat
{
    public string Name => "bloomberg-reply";

    public bool IsText => true;

    public bool NeedsSeek => false;

    // A security such as "912810DZ8" or "0" is a name.
    public bool IsAlwaysText(string column) => column is ReplyColumns.Identifier or ReplyColumns.Field;

    public IRowReader CreateReader(FormatContext context) => new BloombergReplyReader(context.Request.Hint.Inherit ?? [], context.Limits);
}
