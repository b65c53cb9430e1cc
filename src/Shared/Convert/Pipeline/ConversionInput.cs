using DataIngestion.Conversion.Columns;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>An input and what was found out about it before any record is read.</summary>
internal sealed class ConversionInput(
    ConversionRequest request, FormatFinding finding, Func<CancellationToken, ValueTask<Stream>> open, IProgress<ConversionProgress>? progress)
{
    public ConversionRequest Request => request;

    public FormatFinding Finding => finding;

    public byte Quote { get; } = (byte)(finding.Dialect?.Quote ?? '"');

    public NullSpellings Nulls { get; } = new(request.Hint.NullSpellings ?? FormatHint.DefaultNullSpellings);

    /// <summary>The format; null for those that have a pipeline of their own.</summary>
    public IFormat? Format { get; } = FormatCatalog.Find(finding.Format);

    public FormatContext Context { get; } = new(finding, request);

    /// <summary>What the format says about a column's type, see <see cref="IRowFormat.TypeOf"/>; null where it says nothing about any.</summary>
    public Func<string, DataType?>? Declared => Format is IRowFormat rows ? column => rows.TypeOf(column, Context) : null;

    public int Threads { get; } = Math.Max(1, request.Threads);

    /// <summary>Opens the content, decompressed, text and documents in UTF-8.</summary>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => await ContentAsync(await open(cancellationToken), null, cancellationToken);

    /// <summary>Opens the content and tells how far its reading is.</summary>
    /// <param name="pass">See <see cref="ConversionProgress.Pass"/>.</param>
    public async ValueTask<InputPass> OpenAsync(int pass, CancellationToken cancellationToken)
    {
        var opened = new InputPass(pass, progress);
        opened.Content = await ContentAsync(await open(cancellationToken), opened, cancellationToken);
        return opened;
    }

    async ValueTask<Stream> ContentAsync(Stream raw, InputPass? pass, CancellationToken cancellationToken)
    {
        if (Format is { UsesSeek: true, IsText: false } && finding is { Compression: null, Container: null } && SeekableContent.IsNear(raw))
        {
            pass?.ReportBytes(raw.Length);
            return Documents(raw);
        }

        var content = InputStreams.Open(new CountingStream(raw, pass is null ? null : pass.ReportBytes), finding, request.Hint, request.Limits);
        if (Format is not { NeedsSeek: true })
            return Documents(content);
        await using (content)
            return Documents(await SeekableContent.CopyAsync(content, cancellationToken));
    }

    Stream Documents(Stream content) => Format is IDocumentFormat documents ? documents.ToJson(content, Context) : content;
}

/// <summary>One reading of an input from its start.</summary>
internal sealed class InputPass(int pass, IProgress<ConversionProgress>? progress) : IAsyncDisposable
{
    long _bytes;
    long _rows;

    public Stream Content { get; set; } = Stream.Null;

    /// <summary>Bytes read so far, as stored.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public void ReportBytes(long bytes)
    {
        Volatile.Write(ref _bytes, bytes);
        progress?.Report(new(pass, bytes, Volatile.Read(ref _rows)));
    }

    public void ReportRows(long rows)
    {
        Volatile.Write(ref _rows, rows);
        progress?.Report(new(pass, Volatile.Read(ref _bytes), rows));
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
