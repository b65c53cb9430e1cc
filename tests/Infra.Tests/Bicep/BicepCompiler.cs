using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>
/// The packaged compiler as one process that answers JSON-RPC: it loads its resource types once for all tests, and writes no file.
/// </summary>
internal sealed class BicepCompiler : IAsyncDisposable
{
    readonly Process _process;
    readonly SemaphoreSlim _turn = new(1, 1);
    int _calls;

    BicepCompiler(Process process) => _process = process;

    /// <summary>The version that the package reference names.</summary>
    public static string Version { get; } = Metadata("BicepVersion");

    /// <summary>The compiler.</summary>
    public static string Program { get; } = Path.Combine(Metadata("BicepFolder"), OperatingSystem.IsWindows() ? "bicep.exe" : "bicep");

    /// <summary>Starts the compiler.</summary>
    public static BicepCompiler Start()
    {

        var start = new ProcessStartInfo(Program, ["jsonrpc", "--stdio"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{Program} does not start.");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new(process);
    }

    /// <summary>The ARM template of a .bicep file, and what the compiler and linter say of it.</summary>
    public async Task<Compilation> CompileAsync(string file)
    {
        var answer = await CallAsync("bicep/compile", new() { ["path"] = file });
        return new(Diagnostics(answer), answer["contents"]?.GetValue<string>());
    }

    /// <summary>The parameters of a .bicepparam file, and what the compiler and linter say of it.</summary>
    public async Task<Compilation> CompileParametersAsync(string file)
    {
        var answer = await CallAsync("bicep/compileParams", new() { ["path"] = file, ["parameterOverrides"] = new JsonObject() });
        return new(Diagnostics(answer), answer["parameters"]?.GetValue<string>());
    }

    /// <summary>Every resource that a .bicepparam file leads to, with names and values worked out as far as they can be without Azure.</summary>
    public async Task<string> SnapshotAsync(string file, string resourceGroup = "rg-ingestion")
    {
        var answer = await CallAsync("bicep/getSnapshot", new() { ["path"] = file, ["metadata"] = Target(resourceGroup) });
        return answer["snapshot"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
        _turn.Dispose();
    }

    // Only what names a deployment; nothing is looked up.
    static JsonObject Target(string resourceGroup) => new()
    {
        ["tenantId"] = "00000000-0000-0000-0000-0000000000aa",
        ["subscriptionId"] = "00000000-0000-0000-0000-0000000000bb",
        ["resourceGroup"] = resourceGroup,
        ["location"] = "westeurope",
        ["deploymentName"] = "main",
    };

    static IReadOnlyList<string> Diagnostics(JsonNode answer) =>
        [.. answer["diagnostics"]!.AsArray().Select(d => $"{Path.GetFileName(d!["source"]!.GetValue<string>())}:{d["range"]!["start"]!["line"]!.GetValue<int>() + 1} {d["level"]} {d["code"]}: {d["message"]}")];

    static string Metadata(string key) =>
        typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    async Task<JsonNode> CallAsync(string method, JsonObject arguments)
    {
        await _turn.WaitAsync();
        try
        {
            var body = Encoding.UTF8.GetBytes(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_calls, ["method"] = method, ["params"] = arguments }.ToJsonString());
            var pipe = _process.StandardInput.BaseStream;
            await pipe.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"));
            await pipe.WriteAsync(body);
            await pipe.FlushAsync();

            var answer = await ReadAsync(_process.StandardOutput.BaseStream);
            return answer["error"] is { } error
                ? throw new BicepException(error["data"]?["message"]?.GetValue<string>() ?? error["message"]!.GetValue<string>())
                : answer["result"]!;
        }
        finally
        {
            _turn.Release();
        }
    }

    // Headers in lines, an empty line, then as many bytes as Content-Length says.
    static async Task<JsonNode> ReadAsync(Stream stream)
    {
        var length = 0;
        for (var line = await ReadLineAsync(stream); line.Length > 0; line = await ReadLineAsync(stream))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line["Content-Length:".Length..].Trim());
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return JsonNode.Parse(body)!;
    }

    static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
                return line.ToString();
            if (one[0] != '\r')
                line.Append((char)one[0]);
        }

        throw new BicepException("the compiler ended.");
    }
}

/// <summary>What the compiler made of a file.</summary>
internal sealed record Compilation(IReadOnlyList<string> Diagnostics, string? Content);

/// <summary>The compiler's refusal, in its own words.</summary>
internal sealed class BicepException(string message) : Exception(message);
