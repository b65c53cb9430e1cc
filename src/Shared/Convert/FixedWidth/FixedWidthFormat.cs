using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.FixedWidth;

/// <summary>Text whose fields stand in columns of fixed width.</summary>
internal sealed class FixedWidthFormat : IRowFormat
{
    public string Name => "fixed-width";

    public bool IsText => true;

    public bool NeedsSeek => false;

    public IRowReader CreateReader(FormatContext context)
    {
        var options = context.Options;
        return new FixedWidthReader(
            options.Text("layout") is { } layout ? FixedLayout.Parse(layout, options) : null,
            options.Whole("skip", 0, 100_000) ?? 0,
            options.Whole("footer", 0, 1_000) ?? 0,
            options.Word("short-lines", "pad", "reject") != "reject",
            options.Word("long-lines", "reject", "cut") == "cut",
            context.Limits);
    }
}
