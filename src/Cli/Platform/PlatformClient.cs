using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Platform;

/// <summary>The platform's HTTP API as the commands use it. Every failure becomes one sentence with an exit code.</summary>
internal sealed class PlatformClient(IHttpClientFactory http, Uri baseAddress, string? hostKey, string? token = null)
{
    /// <summary>Where it is when nothing says otherwise: the port that the Functions host listens on.</summary>
    public const string DefaultUrl = "http://127.0.0.1:7071";

    /// <summary>The platform that the options, the environment and <c>.local/</c> point at, in this order.</summary>
    /// <param name="environment">Where settings come from.</param>
    /// <param name="url">The address that the command line names.</param>
    /// <param name="token">A token of Microsoft Entra that requests carry, where the platform stands behind one.</param>
    public static PlatformClient For(CommandEnvironment environment, string? url, string? token = null)
    {
        var here = PlatformFile.Read(environment.LocalFolder);
        var address = url ?? environment.Setting("INGEST_URL") ?? here?.Url ?? DefaultUrl;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new CommandFailedException(ExitCodes.Usage, $"'{address}' is not an address: expected http://host:port.");
        // A key is sent only to the platform that it belongs to.
        var key = environment.Setting("INGEST_HOST_KEY") ?? (here is not null && Uri.TryCreate(here.Url, UriKind.Absolute, out var own) && own == uri ? here.HostKey : null);
        return new(environment.Http, uri, key, token);
    }

    /// <summary>Its address.</summary>
    public Uri BaseAddress => baseAddress;

    /// <summary>Asks for a document.</summary>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Asks for something to be done.</summary>
    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Waits until a run is over, looking again every <paramref name="interval"/>.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="interval">Time between two looks.</param>
    /// <param name="seen">Told about every look.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IngestionStatus> WaitAsync(string run, TimeSpan interval, Action<IngestionStatus>? seen, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = await GetAsync<IngestionStatus>($"api/ingestions/{Uri.EscapeDataString(run)}", cancellationToken);
            seen?.Invoke(status);
            if (status.Status is RunState.Completed or RunState.Failed or RunState.Terminated)
                return status;
            await Task.Delay(interval, time, cancellationToken);
        }
    }

    async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient("platform");
        using var request = new HttpRequestMessage(method, new Uri(baseAddress, path));
        if (hostKey is not null)
            request.Headers.Add("x-functions-key", hostKey);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: ContractJson.Options);

        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandFailedException(
                ExitCodes.NotReachable, $"The platform does not answer at {baseAddress} ({failure.Message}): start it with 'ingest up', or say where it is with --url.", failure);
        }
        catch (TaskCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException(ExitCodes.NotReachable, $"The platform at {baseAddress} took longer than {client.Timeout.TotalSeconds:0} s to answer {method} /{path}.", late);
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
                throw await RefusedAsync(response, method, path, cancellationToken);
            try
            {
                return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellationToken)
                    ?? throw new CommandFailedException(ExitCodes.Failed, $"The platform answered {method} /{path} with nothing.");
            }
            catch (JsonException fault)
            {
                throw new CommandFailedException(ExitCodes.Failed, $"The platform's answer to {method} /{path} is not what was expected: {fault.Message}", fault);
            }
        }
    }

    // RFC 9457 problem details say it best; without them the status has to do.
    async Task<CommandFailedException> RefusedAsync(HttpResponseMessage response, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        string? detail = null;
        try
        {
            using var problem = JsonDocument.Parse(text);
            if (problem.RootElement.ValueKind is JsonValueKind.Object)
                detail = Text(problem.RootElement, "detail") ?? Text(problem.RootElement, "title");
        }
        catch (JsonException)
        {
            // Not problem details.
        }

        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                ExitCodes.Failed, $"The platform at {baseAddress} asks for a key: set INGEST_HOST_KEY ('ingest up' on this machine leaves its own in .local/)."),
            HttpStatusCode.NotFound => new(ExitCodes.NotFound, detail ?? $"The platform has nothing at /{path}."),
            HttpStatusCode.BadRequest => new(ExitCodes.Usage, detail ?? $"The platform did not understand {method} /{path}."),
            HttpStatusCode.ServiceUnavailable => new(ExitCodes.NotReachable, detail ?? $"The platform at {baseAddress} is not ready yet."),
            var status => new(ExitCodes.Failed, detail ?? $"The platform answered {method} /{path} with {(int)status} {response.ReasonPhrase}."),
        };
    }

    static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
