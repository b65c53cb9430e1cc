using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Json;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Documents;

/// <summary>
/// Where the records are in a content that is one document, if nobody says: as in a JSON text. Where there are several documents, they are the records.
/// </summary>
internal static class DocumentPath
{
    const int PieceBytes = 128 << 10;

    /// <returns>The record path inside the document; null where each document is a record.</returns>
    public static async Task<string?> FindAsync(ConversionInput input, CancellationToken cancellationToken)
    {
        if (input is not { Format: IDocumentFormat { MayHoldRecords: true }, Request.Hint.RecordPath: null })
            return null;
        try
        {
            using var document = new MemoryStream();
            await using (var json = await input.OpenAsync(cancellationToken))
            {
                if (!await IsOneLineAsync(json, document, cancellationToken))
                    return null;
            }

            document.Position = 0;
            var finder = new JsonShapeFinder();
            await new JsonPump(input.Request.Limits).RunAsync(document, finder, _ => ValueTask.CompletedTask, cancellationToken);
            var path = finder.Path;
            // A name that a path cannot hold is left alone, and so is an array at the top: it is a record.
            return path.Steps.Count == 2 && path.Text.AsSpan().Count("']") == 1 ? path.Text : null;
        }
        catch (ConversionException)
        {
            // What is wrong with the content is said where it is read.
            return null;
        }
    }

    /// <summary>Copies the first line; false if another follows.</summary>
    static async Task<bool> IsOneLineAsync(Stream json, MemoryStream line, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        for (int read; (read = await json.ReadAsync(piece, cancellationToken)) > 0;)
        {
            var end = piece.AsSpan(0, read).IndexOf((byte)'\n');
            line.Write(piece, 0, end < 0 ? read : end);
            if (end >= 0)
                return end == read - 1 && await json.ReadAsync(piece, cancellationToken) == 0;
        }

        return true;
    }
}
