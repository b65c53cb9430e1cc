using System.Text.Json;

namespace DataIngestion.Storage.Usage;

/// <summary>What a request to a storage account is billed as (https://learn.microsoft.com/azure/storage/blobs/map-rest-apis-transaction-categories, standard general purpose v2).</summary>
public enum StorageOperation
{
    /// <summary>Puts a blob, a block, a list of blocks, or a copy.</summary>
    BlobWrite,

    /// <summary>Gets a blob's content.</summary>
    BlobRead,

    /// <summary>Lists blobs or containers, or creates a container.</summary>
    BlobList,

    /// <summary>Properties, metadata, leases, snapshots and the rest.</summary>
    BlobOther,

    /// <summary>Deletes a blob or a container, which costs nothing.</summary>
    BlobDelete,

    /// <summary>Puts, updates or deletes a message, makes a queue: class 1.</summary>
    QueueWrite,

    /// <summary>Gets or peeks at messages, or a queue's properties: class 2.</summary>
    QueueRead,

    /// <summary>Puts, merges or deletes an entity or a batch, makes a table.</summary>
    TableWrite,

    /// <summary>Gets or queries entities.</summary>
    TableRead,
}

/// <summary>The services of a storage account.</summary>
public enum StorageService
{
    /// <summary>Blobs.</summary>
    Blob,

    /// <summary>Queues.</summary>
    Queue,

    /// <summary>Tables.</summary>
    Table,
}

/// <summary>Says what a request is billed as.</summary>
public static class StorageOperations
{
    static readonly string[] Names = [.. Enum.GetNames<StorageOperation>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    extension(StorageOperation operation)
    {
        /// <summary>Its word in records of usage and in configuration, such as <c>blob-write</c>.</summary>
        public string Name() => Names[(int)operation];
    }

    /// <summary>The class of a request.</summary>
    /// <param name="service">The service it goes to.</param>
    /// <param name="method">Its HTTP method, in capitals.</param>
    /// <param name="query">Its query with or without the question mark.</param>
    internal static StorageOperation Of(StorageService service, string method, ReadOnlySpan<char> query) => service switch
    {
        StorageService.Queue => method is "GET" or "HEAD" && Parameter(query, "comp") is not "list" ? StorageOperation.QueueRead : StorageOperation.QueueWrite,
        StorageService.Table => method is "GET" or "HEAD" ? StorageOperation.TableRead : StorageOperation.TableWrite,
        _ => OfBlob(method, Parameter(query, "comp"), Parameter(query, "restype")),
    };

    static StorageOperation OfBlob(string method, string comp, string resource) => (method, comp) switch
    {
        ("DELETE", _) => StorageOperation.BlobDelete,
        ("GET", "list" or "blobs") => StorageOperation.BlobList,
        ("GET", "") => resource is "" ? StorageOperation.BlobRead : StorageOperation.BlobOther,
        ("POST", "query") => StorageOperation.BlobRead,
        ("PUT", "") => resource is "container" ? StorageOperation.BlobList : StorageOperation.BlobWrite,
        ("PUT", "block" or "blocklist" or "appendblock" or "seal" or "tier" or "undelete") => StorageOperation.BlobWrite,
        _ => StorageOperation.BlobOther,
    };

    static string Parameter(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        foreach (var part in query.TrimStart('?').Split('&'))
        {
            var pair = query.TrimStart('?')[part];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                return pair[(name.Length + 1)..].ToString();
        }

        return "";
    }
}
