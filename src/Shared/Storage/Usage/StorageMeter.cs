using Azure.Core;
using Azure.Core.Pipeline;

namespace DataIngestion.Storage.Usage;

/// <summary>
/// Counts the requests of a storage client, each attempt of them, as each is billed, and adds them to what the invocation uses that they
/// are made for (<see cref="UsageScope.Current"/>).
/// </summary>
internal sealed class StorageMeter(StorageService service) : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            Count(message);
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            ProcessNext(message, pipeline);
        }
        finally
        {
            Count(message);
        }
    }

    void Count(HttpMessage message)
    {
        // A request that was not answered is not billed; nor is one that was not let in.
        if (UsageScope.Current is not { } usage || !message.HasResponse || message.Response.Status is 401 or 403)
            return;

        var request = message.Request;
        var sent = request.Content is { } content && content.TryComputeLength(out var length) ? length : 0;
        var received = request.Method == RequestMethod.Head ? 0 : message.Response.Headers.ContentLengthLong ?? 0;
        usage.CountStorage(AccountOf(request.Uri), StorageOperations.Of(service, request.Method.Method, request.Uri.Query), sent, received);
    }

    // {account}.blob.core.windows.net, or the first part of the path where the host is an address: an emulator.
    static string AccountOf(RequestUriBuilder uri)
    {
        var host = uri.Host ?? "";
        if (host is not "localhost" && Uri.CheckHostName(host) is UriHostNameType.Dns)
            return host.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? host[..dot] : host;
        var path = uri.Path.AsSpan().TrimStart('/');
        return path[..(path.IndexOf('/') is var slash and >= 0 ? slash : path.Length)].ToString();
    }
}

/// <summary>Puts meters into clients.</summary>
public static class StorageMetering
{
    extension<T>(T options)
        where T : ClientOptions
    {
        /// <summary>Makes a client count its requests for whoever they are made for, see <see cref="UsageScope"/>.</summary>
        /// <param name="service">The service that the client is of.</param>
        /// <returns>The same options.</returns>
        public T Metered(StorageService service)
        {
            options.AddPolicy(new StorageMeter(service), HttpPipelinePosition.PerRetry);
            return options;
        }
    }
}
