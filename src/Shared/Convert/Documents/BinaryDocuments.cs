using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Documents;

/// <summary>The bytes at hand end within a record.</summary>
internal sealed class MoreBytesException() : Exception("the content ends within a value");

/// <summary>Reads records of a binary format one after another.</summary>
internal abstract class BinaryDocumentReader
{
    /// <summary>What the format is called in messages.</summary>
    public abstract string Name { get; }

    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Writes the record at the start as JSON, or nothing where what is there only belongs to records.</summary>
    /// <param name="bytes">At least one.</param>
    /// <param name="isLast">Whether the content ends with them.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="MoreBytesException">The record is longer than <paramref name="bytes"/>.</exception>
    /// <exception cref="InvalidDataException">It is damaged; the message is a clause.</exception>
    public abstract int Read(ReadOnlySpan<byte> bytes, bool isLast, Utf8Buffer to);

    /// <summary>The content ended between two records.</summary>
    /// <exception cref="InvalidDataException">More was to come.</exception>
    public virtual void End()
    {
    }
}

/// <summary>Records of a binary format as JSON lines.</summary>
internal sealed class BinaryDocumentStream(Stream content, BinaryDocumentReader reader, ConversionLimits limits) : DocumentStream
{
    readonly ByteWindow _window = new(content);
    long _records;

    public override IReadOnlyList<string> Notes => reader.Notes;

    protected override async ValueTask<bool> NextAsync(Utf8Buffer to, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (!await _window.EnsureAsync(1, cancellationToken))
                {
                    reader.End();
                    return false;
                }

                to.Clear();
                _window.Skip(reader.Read(_window.Bytes, _window.IsLast, to));
                _records++;
                return true;
            }
            catch (MoreBytesException) when (!_window.IsLast && _window.Length <= limits.MaxRecordBytes)
            {
                await _window.MoreAsync(cancellationToken);
            }
            catch (MoreBytesException end)
            {
                throw new ConversionException(
                    _window.IsLast
                        ? $"The {reader.Name} content is cut off: record {_records + 1}, which begins at byte {_window.Position}, has no end, or is damaged."
                        : $"Record {_records + 1} at byte {_window.Position} of the {reader.Name} content is longer than {limits.MaxRecordBytes} bytes; the limit 'recordBytes' says how long it may be.",
                    inner: end);
            }
            catch (InvalidDataException damage)
            {
                throw new ConversionException($"Record {_records + 1} at byte {_window.Position} of the {reader.Name} content is damaged: {damage.Message}.", inner: damage);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        await base.DisposeAsync();
    }
}
