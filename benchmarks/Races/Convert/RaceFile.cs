using System.IO.Compression;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>The forms in which the race's records are written.</summary>
internal enum RaceForm
{
    Csv,
    CsvGzip,
    Ndjson,
}

/// <summary>A generated file of the race; written once and kept, so that the next run need not wait for it.</summary>
/// <param name="ContentBytes">Bytes before compression: what megabytes a second are counted from.</param>
internal sealed record RaceFile(IRaceDataset Dataset, RaceForm Form, string Path, long ContentBytes)
{
    const int RecordBytes = 1024;

    /// <summary>The file of about so many megabytes (10^6) before compression.</summary>
    public static RaceFile Create(IRaceDataset dataset, RaceForm form, int megabytes, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.Combine(folder, $"{dataset.Name}-{megabytes}.{Extension(form)}");
        if (!File.Exists(path))
        {
            var partial = path + ".partial";
            using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            using (var output = form == RaceForm.CsvGzip ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)new BufferedStream(file, 1 << 20))
                Write(dataset, form == RaceForm.Ndjson, megabytes * 1_000_000L, output);
            File.Move(partial, path);
        }

        return new(dataset, form, path, form == RaceForm.CsvGzip ? megabytes * 1_000_000L : new FileInfo(path).Length);
    }

    static string Extension(RaceForm form) => form switch { RaceForm.Csv => "csv", RaceForm.CsvGzip => "csv.gz", _ => "ndjson" };

    static void Write(IRaceDataset dataset, bool json, long bytes, Stream output)
    {
        var names = dataset.Schema.Select(c => c.Name).ToArray();
        var buffer = new byte[RecordBytes];
        var record = new FieldWriter(buffer, json, names);
        var next = dataset.Records();
        var written = 0L;
        if (!json)
            output.Write(System.Text.Encoding.UTF8.GetBytes(string.Join(',', names) + "\n"));
        while (written < bytes)
        {
            record.Begin();
            next(ref record);
            record.End();
            output.Write(buffer, 0, record.Length);
            written += record.Length;
        }
    }
}
