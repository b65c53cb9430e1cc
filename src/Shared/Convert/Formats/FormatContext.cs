namespace DataIngestion.Conversion.Formats;

/// <summary>What a format knows when it reads an input.</summary>
internal sealed record FormatContext(FormatFinding Finding, ConversionRequest Request)
{
    /// <summary>Bounds on what the content may claim.</summary>
    public ConversionLimits Limits => Request.Limits;

    /// <summary>What configuration says about the format beyond what is common to all.</summary>
    public FormatOptionValues Options { get; } = new(Finding.Format, Request.Hint);

    /// <summary>What earlier attempts to read the content found out about its types.</summary>
    public OutgrownTypes Outgrown { get; } = new();

    /// <summary>The table to read; null for the primary or only one.</summary>
    public string? Table => Request.Hint.Table;
}
