using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using DataIngestion.Conversion.Compression;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Benchmarks.Compression;

/// <summary>Every compression that is opened: decompressed megabytes (10^6) a second of one thread's processor time.</summary>
internal sealed class DecompressBenchmark : IBenchmark
{
    const int Floor = 14; // MB/s a core, the least for any stage of a conversion
    const int Rows = 700_000;

    public string Name => "decompress";

    public string Description => "each compression by itself, of one thread; bzip2, xz and lz4 are packed by the machine's programs";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var plain = Trades();
        report.Note($"{plain.Length / 1e6:0} MB of trades");
        foreach (var (name, pack) in Packers)
        {
            if (await pack(plain, cancellationToken) is not { } packed)
            {
                report.Note($"{name}: there is no program of that name on this machine");
                continue;
            }

            Unpack(name, packed, plain.Length / 8); // warm
            var (bytes, time) = Unpack(name, packed, long.MaxValue);
            if (bytes != plain.Length)
                throw new InvalidOperationException($"{name} gave {bytes} bytes instead of {plain.Length}.");
            report.Add(new BoardResult("decompress", $"{name}, {packed.Length * 100L / plain.Length} % of the content's size, MB/s", Math.Round(bytes / 1e6 / time.TotalSeconds, 1), null, Floor));
        }
    }

    static readonly (string Name, Func<byte[], CancellationToken, Task<byte[]?>> Pack)[] Packers =
    [
        ("gzip", (p, _) => Through(p, s => new GZipStream(s, CompressionLevel.Optimal, leaveOpen: true))),
        ("zlib", (p, _) => Through(p, s => new ZLibStream(s, CompressionLevel.Optimal, leaveOpen: true))),
        ("zstd", (p, _) => Through(p, s => new CompressionStream(s, 3, leaveOpen: true))),
        ("snappy", (p, _) => Through(p, s => new SnappyStream(s, CompressionMode.Compress, leaveOpen: true))),
        ("lz4", (p, c) => ByProgram("lz4", "-q -c", p, c)),
        ("xz", (p, c) => ByProgram("xz", "-3 -c", p, c)),
        ("bzip2", (p, c) => ByProgram("bzip2", "-c", p, c)),
    ];

    static (long Bytes, TimeSpan Time) Unpack(string name, byte[] packed, long most)
    {
        using var decoder = Compressions.Open(name, new(new MemoryStream(packed, writable: false)));
        var buffer = new byte[512 << 10];
        var bytes = 0L;
        var began = Environment.CpuUsage.UserTime;
        for (int read; bytes < most && (read = decoder.Read(buffer)) > 0;)
            bytes += read;
        return (bytes, Environment.CpuUsage.UserTime - began);
    }

    static Task<byte[]?> Through(byte[] plain, Func<Stream, Stream> open)
    {
        using var packed = new MemoryStream();
        using (var stream = open(packed))
            stream.Write(plain);
        return Task.FromResult<byte[]?>(packed.ToArray());
    }

    static async Task<byte[]?> ByProgram(string program, string arguments, byte[] plain, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
            using var packed = new MemoryStream();
            var reading = process.StandardOutput.BaseStream.CopyToAsync(packed, cancellationToken);
            await process.StandardInput.BaseStream.WriteAsync(plain, cancellationToken);
            process.StandardInput.Close();
            await reading;
            await process.WaitForExitAsync(cancellationToken);
            return packed.ToArray();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    static byte[] Trades()
    {
        var random = new Random(42);
        var text = new StringBuilder("time,symbol,price,size\n");
        for (var i = 0; i < Rows; i++)
            text.Append($"2024-01-02T14:{i / 60_000 % 60:00}:{i / 1000 % 60:00}.{random.Next(1_000_000_000):000000000}Z,SYM{random.Next(40)},{random.Next(1000, 500_000) / 100m},{random.Next(1, 1000)}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
