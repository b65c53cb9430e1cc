using System.Buffers;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Takes whole lines out of an answer that never ends, for a time or a number of records.</summary>
internal static class StreamWindow
{
    /// <summary>Fills the body with lines; the line that the window's end cuts is left to the next window.</summary>
    /// <param name="stream">The answer.</param>
    /// <param name="body">Where the lines go.</param>
    /// <param name="window">How long.</param>
    /// <param name="maxRecords">Lines that are not blank after which it ends early.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops it; the window's end does not.</param>
    /// <returns>The number of records; and the fault that ended the window before its time, if one did.</returns>
    public static async Task<(long Records, Exception? Broken)> TakeAsync(
        Stream stream, TemporaryBody body, TimeSpan window, long maxRecords, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(window, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            var (records, length) = (0L, 0);
            while (true)
            {
                int read;
                try
                {
                    read = await stream.ReadAsync(buffer.AsMemory(length), either.Token);
                }
                catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    return (records, null);
                }
                catch (StepFailedException broken)
                {
                    return (records, broken);
                }

                if (read == 0)
                    return (records, null);
                length += read;
                var whole = CountLines(buffer.AsSpan(0, length), maxRecords, ref records);
                await body.AppendAsync(buffer.AsMemory(0, whole), cancellationToken);
                if (records >= maxRecords)
                    return (records, null);
                buffer.AsSpan(whole, length - whole).CopyTo(buffer);
                length -= whole;
                if (length < buffer.Length)
                    continue;
                if (length >= Lines.MaxBytes)
                    throw new UnexpectedContentException($"has a line of over {Lines.MaxBytes:N0} bytes");
                var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Bytes up to and with the last line end that still belongs to the window.
    static int CountLines(ReadOnlySpan<byte> bytes, long maxRecords, ref long records)
    {
        var end = 0;
        while (records < maxRecords && bytes[end..].IndexOf((byte)'\n') is >= 0 and var line)
        {
            if (!bytes.Slice(end, line).Trim(" \t\r"u8).IsEmpty)
                records++;
            end += line + 1;
        }

        return end;
    }
}
