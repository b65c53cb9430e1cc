using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace DataIngestion.LocalRuntime.Triggers.Blobs;

/// <summary>
/// What a function has seen of each blob: one small blob a name, holding the version and whether it is done. A new version replaces the
/// receipt of the old one, so receipts do not outnumber blob names.
/// </summary>
internal sealed class BlobReceipts(BlobContainerClient hosts, string app, string function, string container)
{
    const string VersionKey = "version";
    const string NameKey = "blob";
    const string DoneKey = "done";

    readonly string _folder = $"blobreceipts/{app}/{function}/{container}/";

    /// <summary>Every blob that has been seen, with its version.</summary>
    public async Task<Dictionary<string, string>> LoadAsync(CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var options = new GetBlobsOptions { Prefix = _folder, Traits = BlobTraits.Metadata };
            await foreach (var receipt in hosts.GetBlobsAsync(options, cancellationToken))
            {
                if (receipt.Metadata.TryGetValue(NameKey, out var name) && receipt.Metadata.TryGetValue(VersionKey, out var version))
                    seen[Decode(name)] = version;
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == "ContainerNotFound")
        {
            await hosts.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }

        return seen;
    }

    public async Task<bool> IsDoneAsync(string blob, string version, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await Receipt(blob).GetPropertiesAsync(cancellationToken: cancellationToken);
            var metadata = properties.Value.Metadata;
            return metadata.TryGetValue(VersionKey, out var seen) && seen == version && metadata.ContainsKey(DoneKey);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    public Task MarkSeenAsync(string blob, string version, CancellationToken cancellationToken) => WriteAsync(blob, version, done: false, cancellationToken);

    public Task MarkDoneAsync(string blob, string version, CancellationToken cancellationToken) => WriteAsync(blob, version, done: true, cancellationToken);

    async Task WriteAsync(string blob, string version, bool done, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [VersionKey] = version, [NameKey] = Encode(blob) };
        if (done)
            metadata[DoneKey] = "true";
        await Receipt(blob).UploadAsync(Stream.Null, new BlobUploadOptions { Metadata = metadata }, cancellationToken);
    }

    // Names of blobs may be as long as a name can be, and hold what metadata and paths cannot.
    BlobClient Receipt(string blob) => hosts.GetBlobClient(_folder + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blob))));

    static string Encode(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(name));

    static string Decode(string name) => Encoding.UTF8.GetString(Convert.FromBase64String(name));
}
