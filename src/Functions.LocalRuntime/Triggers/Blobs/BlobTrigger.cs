using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Triggers.Blobs;

/// <summary>A function that runs for the blobs that match a pattern.</summary>
internal sealed record BlobTrigger(BlobPathPattern Pattern, string Connection) : TriggerBinding("blobTrigger", Pattern.Text)
{
    public override IReadOnlySet<string> DataNames { get; } =
        new HashSet<string>([.. Pattern.Names, "BlobTrigger", "Uri"], StringComparer.OrdinalIgnoreCase);

    public static BlobTrigger? Create(BlobTriggerAttribute attribute, TriggerSite site)
    {
        var connection = site.App.Settings.StorageConnection(attribute.Connection, site.Fault);
        var path = site.Resolve(attribute.BlobPath);
        if (path.Contains('%', StringComparison.Ordinal) || BlobPathPattern.TryParse(path, site.Fault) is not { } pattern)
            return null;
        return new(pattern, connection ?? "");
    }

    public override ParameterBinder? BindTrigger(TriggerSite site)
    {
        var type = site.Parameter.ParameterType;
        if (type == typeof(BlobClient))
            return context => ValueTask.FromResult<object?>(((TriggeringBlob)context.Payload).Client);
        if (type == typeof(Stream))
            return async context => await ((TriggeringBlob)context.Payload).OpenAsync(context.CancellationToken);
        if (PayloadConverter.TryCreate(type, site.App.Serializer) is not { } convert)
            return site.WrongType($"Stream, BlobClient, {PayloadConverter.Expected}");
        return async context => convert(await ((TriggeringBlob)context.Payload).ReadAsync(context.CancellationToken));
    }
}

/// <summary>The version of a blob that started an invocation. Reading another version fails, because that one starts an invocation of its own.</summary>
internal sealed record TriggeringBlob(BlobClient Client, ETag Version)
{
    public async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var options = new BlobOpenReadOptions(allowModifications: false) { Conditions = new() { IfMatch = Version } };
        return await Client.OpenReadAsync(options, cancellationToken);
    }

    public async Task<BinaryData> ReadAsync(CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Conditions = new() { IfMatch = Version } };
        var content = await Client.DownloadContentAsync(options, cancellationToken);
        return content.Value.Content;
    }
}
