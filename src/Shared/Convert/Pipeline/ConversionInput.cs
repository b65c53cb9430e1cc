using DataIngestion.Conversion.Columns;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>An input and what was found out about it before any record is read.</summary>
internal sealed class ConversionInput(
    ConversionRequest request, FormatFinding finding, Func<CancellationToken, ValueTask<Stream>> open, IProgress<ConversionProgress>? progress)
{
    public ConversionRequest Request => request;

    public FormatFinding Finding => finding;

    public byte Quote { get; } = (byte)(finding.Dialect?.Quote ?? '"');

    public NullSpellings Nulls { get; } = new(request.Hint.NullSpellings ?? FormatHint.DefaultNullSpellings);

    public int Threads { get; } = Math.Max(1, request.Threads);

    /// <summary>Opens the content, decompressed and in UTF-8.</summary>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) =>
        InputStreams.Open(new CountingStream(await open(cancellationToken), null), finding, request.Hint, request.Limits);

    /// <summary>Opens the content and tells how far its reading is.</summary>
    /// <param name="pass">See <see cref="ConversionProgress.Pass"/>.</param>
    public async ValueTask<InputPass> OpenAsync(int pass, CancellationToken cancellationToken)
    {
        var opened = new InputPass(pass, progress);
        var raw = await open(cancellationToken);
        if (finding is { Format: "parquet", Compression: null, Container: null } && SeekableContent.IsNear(raw))
        {
            opened.Content = raw;
            opened.ReportBytes(raw.Length);
            return opened;
        }

        var stored = new CountingStream(raw, opened.ReportBytes);
        opened.Content = InputStreams.Open(stored, finding, request.Hint, request.Limits);
        return opened;
    }
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
