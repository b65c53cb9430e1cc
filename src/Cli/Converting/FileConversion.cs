using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>What became of one file.</summary>
/// <param name="Input">The file.</param>
/// <param name="Output">The Parquet file.</param>
/// <param name="Rejected">The file with the rows that did not fit, one JSON object a line; null when there are none.</param>
/// <param name="Result">The numbers.</param>
/// <param name="Seconds">Duration.</param>
internal sealed record ConvertedFile(string Input, string Output, string? Rejected, ConversionResult Result, double Seconds);

/// <summary>Converts files of this machine. The output appears under its name only when it is whole.</summary>
internal sealed class FileConversion(TimeProvider time)
{
    readonly Converter _converter = new();

    /// <summary>Converts one file.</summary>
    /// <exception cref="CommandFailedException">The input is missing or cannot be converted as a whole; nothing was written then.</exception>
    public async Task<ConvertedFile> ConvertAsync(string input, string output, ConversionRequest request, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        var draft = output + ".part";
        var rejectedPath = output + ".rejected.ndjson";
        try
        {
            ConversionResult result;
            await using (var rejected = new RejectedFile(rejectedPath + ".part"))
            {
                await using var content = new FileStream(draft, FileMode.Create, FileAccess.Write);
                result = await InspectAsync(input, content, request, rejected.AddAsync, cancellationToken);
            }

            File.Move(draft, output, overwrite: true);
            File.Delete(rejectedPath); // of an earlier conversion
            if (File.Exists(rejectedPath + ".part"))
                File.Move(rejectedPath + ".part", rejectedPath);
            return new(input, output, File.Exists(rejectedPath) ? rejectedPath : null, result, Math.Round(time.GetElapsedTime(began).TotalSeconds, 3));
        }
        finally
        {
            File.Delete(draft);
            File.Delete(rejectedPath + ".part");
        }
    }

    /// <summary>Converts into a stream, for those who only want to know the schema.</summary>
    public async Task<ConversionResult> InspectAsync(
        string input, Stream output, ConversionRequest request, RejectedRowSink rejected, CancellationToken cancellationToken)
    {
        if (!File.Exists(input))
            throw new CommandFailedException(ExitCodes.NotFound, $"There is no file '{input}'.");
        try
        {
            return await _converter.ConvertAsync(
                _ => ValueTask.FromResult<Stream>(new FileStream(input, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 16 })),
                output, rejected, request, cancellationToken: cancellationToken);
        }
        catch (ConversionException fault)
        {
            throw new CommandFailedException(ExitCodes.Unreadable, $"'{input}': {fault.Message}", fault);
        }
        catch (InvalidDataException fault)
        {
            throw new CommandFailedException(ExitCodes.Unreadable, $"'{input}': {fault.Message}", fault);
        }
    }

    // The file is made when the first row is rejected: most conversions need none.
    sealed class RejectedFile(string path) : IAsyncDisposable
    {
        StreamWriter? _file;

        public async ValueTask AddAsync(RejectedRow row, CancellationToken cancellationToken)
        {
            _file ??= new StreamWriter(path) { NewLine = "\n" };
            await _file.WriteLineAsync(JsonSerializer.Serialize(row, ContractJson.Options).AsMemory(), cancellationToken);
        }

        public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
