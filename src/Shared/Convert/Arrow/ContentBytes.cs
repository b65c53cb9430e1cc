using System.Buffers;

namespace DataIngestion.Conversion.Arrow;

/// <summary>Reads bytes of a length that the content claims: memory grows with what is there.</summary>
internal static class ContentBytes
{
    const int Piece = 1 << 20;

    /// <summary>Into a rented array.</summary>
    /// <exception cref="InvalidDataException">The content ends before.</exception>
    public static async ValueTask<byte[]> ReadAsync(Stream content, int length, string what, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Min(length, Piece));
        for (var done = 0; done < length;)
        {
            if (done == bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, bytes.Length * 2L));
                bytes.AsSpan(0, done).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = larger;
            }

            var read = await content.ReadAsync(bytes.AsMemory(done, Math.Min(length, bytes.Length) - done), cancellationToken);
            if (read == 0)
            {
                ArrayPool<byte>.Shared.Return(bytes);
                throw CutOff(what, length, done);
            }

            done += read;
        }

        return bytes;
    }

    /// <summary>Into a temporary file.</summary>
    public static async ValueTask<Stream> SpillAsync(Stream content, long length, string what, CancellationToken cancellationToken)
    {
        var file = BodyScratch.TemporaryFile();
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            for (var left = length; left > 0;)
            {
                var read = await content.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), cancellationToken);
                if (read == 0)
                    throw CutOff(what, length, length - left);
                await file.WriteAsync(piece.AsMemory(0, read), cancellationToken);
                left -= read;
            }

            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    static InvalidDataException CutOff(string what, long length, long there) => new($"The Arrow content is cut off: {what} has {length} bytes, and {there} of them are there.");
}
