using System.Text;
using DataIngestion.Cli.Sampling;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Proposing;

/// <summary>
/// Reads recorded exchanges of a folder: sample files of sources (<c>*.yaml</c>), requests with their answers as text (<c>*.http</c>: a line
/// <c>GET https://…</c>, headers, an empty line, a body if any; then <c>HTTP/1.1 200 OK</c>, headers, an empty line and the body, as
/// <c>curl -i</c> prints it; several are set apart by lines that begin with <c>###</c>), and answers alone (every other file).
/// </summary>
internal static class RecordingReader
{
    const long MaxBytes = 64 << 20;

    /// <summary>Reads a folder, or one file.</summary>
    /// <exception cref="CommandFailedException">There is nothing, or something cannot be read.</exception>
    public static IReadOnlyList<RecordedExchange> Read(string path)
    {
        var files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.GetFiles(path).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal).ToList()
            : throw new CommandFailedException(ExitCodes.NotFound, $"There is neither a folder nor a file '{path}'.");
        if (files.Find(f => new FileInfo(f).Length > MaxBytes) is { } large)
            throw new CommandFailedException(ExitCodes.Usage, $"'{large}' has more than {MaxBytes >> 20} MiB: a sample of some pages is enough.");
        var named = new HashSet<string>(StringComparer.Ordinal);
        List<RecordedExchange> exchanges = [];
        foreach (var file in files.Where(f => Path.GetExtension(f) is ".yaml" or ".yml"))
            exchanges.AddRange(OfSample(file, named));
        foreach (var file in files.Where(f => Path.GetExtension(f) is ".http" or ".rest"))
            exchanges.AddRange(OfText(file));
        foreach (var file in files.Where(f => Path.GetExtension(f) is not (".yaml" or ".yml" or ".http" or ".rest" or ".md") && !named.Contains(Path.GetFileName(f))))
            exchanges.Add(new() { Where = file, Body = File.ReadAllBytes(file) });
        return exchanges.Count > 0 ? exchanges : throw new CommandFailedException(ExitCodes.NotFound, $"'{path}' holds no samples: expected answers, *.http recordings or sample files.");
    }

    static List<RecordedExchange> OfSample(string file, HashSet<string> named)
    {
        var sample = ConfigurationFile.Read<SampleDefinition>(file);
        if (sample.Definition is not { } definition || sample.Faults.Count > 0)
            throw new CommandFailedException(ExitCodes.Configuration, string.Join('\n', sample.Faults.Select(f => f.ToString())));
        List<RecordedExchange> exchanges = [];
        foreach (var (request, response) in definition.Runs.SelectMany(r => r.Exchanges).Select(e => (e.Request, e.Response)))
        {
            if (response.File is { } beside)
                named.Add(beside);
            var address = Uri.TryCreate(request.Path, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https" ? whole : null;
            exchanges.Add(new()
            {
                Where = file,
                Method = request.Method,
                Origin = address?.GetLeftPart(UriPartial.Authority),
                Path = address?.AbsolutePath ?? request.Path.Split('?')[0],
                Query = [.. request.Query.Select(q => KeyValuePair.Create(q.Key, q.Value))],
                RequestHeaders = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase),
                RequestBody = request.Body,
                Status = response.Status,
                Headers = new Dictionary<string, string>(response.Headers, StringComparer.OrdinalIgnoreCase),
                Body = response.File is { } content ? File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(file)!, content)) : Encoding.UTF8.GetBytes(response.Body ?? ""),
            });
        }

        return exchanges;
    }

    static List<RecordedExchange> OfText(string file)
    {
        List<RecordedExchange> exchanges = [];
        List<string> block = [];
        var (number, start) = (0, 1);
        foreach (var line in File.ReadAllLines(file).Append("###"))
        {
            number++;
            if (!line.StartsWith("###", StringComparison.Ordinal))
            {
                block.Add(line);
                continue;
            }

            if (block.Exists(l => l.Trim().Length > 0))
                exchanges.Add(OfBlock($"{file}:{start}", block));
            block.Clear();
            start = number + 1;
        }

        return exchanges;
    }

    static RecordedExchange OfBlock(string where, List<string> lines)
    {
        var first = lines.FindIndex(l => l.Trim().Length > 0);
        var words = lines[first].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [("GET" or "POST" or "PUT") and var method, var target, ..] || !Uri.TryCreate(target, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CommandFailedException(ExitCodes.Configuration, $"{where}: '{lines[first]}': expected a line such as 'GET https://api.example.com/v1/bars?symbol=AAPL'.");
        var status = lines.FindIndex(first, l => l.StartsWith("HTTP/", StringComparison.Ordinal));
        if (status < 0 || lines[status].Split(' ') is not [_, var code, ..] || !int.TryParse(code, out var number))
            throw new CommandFailedException(ExitCodes.Configuration, $"{where}: the request has no answer: expected a line such as 'HTTP/1.1 200 OK' behind it, as 'curl -i' prints it.");
        var request = lines.GetRange(first + 1, status - first - 1);
        var answer = lines.GetRange(status + 1, lines.Count - status - 1);
        var empty = answer.FindIndex(l => l.Length == 0);
        var asked = request.FindIndex(l => l.Length == 0);
        return new()
        {
            Where = where,
            Method = method,
            Origin = address.GetLeftPart(UriPartial.Authority),
            Path = address.AbsolutePath,
            Query = QueryOf(address),
            RequestHeaders = HeadersOf(asked < 0 ? request : request.GetRange(0, asked)),
            RequestBody = asked < 0 ? null : string.Join('\n', request.Skip(asked + 1)) is { Length: > 0 } body ? body : null,
            Status = number,
            Headers = HeadersOf(empty < 0 ? answer : answer.GetRange(0, empty)),
            Body = Encoding.UTF8.GetBytes(empty < 0 ? "" : string.Join('\n', answer.Skip(empty + 1))),
        };
    }

    /// <summary>The parameters of an address, in order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> QueryOf(Uri address) =>
    [
        .. address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(q => q.Split('=', 2))
            .Select(q => KeyValuePair.Create(Uri.UnescapeDataString(q[0]), q.Length > 1 ? Uri.UnescapeDataString(q[1].Replace('+', ' ')) : "")),
    ];

    static Dictionary<string, string> HeadersOf(IEnumerable<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Where(l => l.IndexOf(':', StringComparison.Ordinal) > 0))
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)].Trim()] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return headers;
    }
}
