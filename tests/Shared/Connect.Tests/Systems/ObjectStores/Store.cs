using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests.Systems.ObjectStores;

/// <summary>A real object store with a bucket of the test's own, written to with another client than the one under test.</summary>
internal abstract class Store
{
    /// <summary>The stores, by their system's name.</summary>
    public static TheoryData<string> All => ["s3", "gcs", "azure-blob"];

    /// <summary>Settings that the source's references name.</summary>
    public virtual (string Name, string Value)[] Settings => [];

    protected string Bucket { get; } = $"bucket-{Guid.NewGuid():n}";

    protected int Port { get; private set; }

    /// <summary>Starts the store unless it runs, and makes a bucket.</summary>
    public static async Task<Store> OpenAsync(string system, SharedServers servers, AzuriteFixture azurite)
    {
        Store store = system switch { "s3" => new S3Store(), "gcs" => new GcsStore(), _ => new BlobStoreOfTests(azurite.ConnectionString) };
        store.Port = system switch
        {
            "s3" => (await servers.GetAsync("ceph-rgw")).Port,
            "gcs" => (await servers.GetAsync("gcs")).Port,
            _ => new BlobServiceClient(azurite.ConnectionString).Uri.Port,
        };
        await store.MakeBucketAsync();
        return store;
    }

    public Task PutAsync(string key, string content) => PutAsync(key, Encoding.UTF8.GetBytes(content));

    public abstract Task PutAsync(string key, byte[] content);

    public abstract Task DeleteAsync(string key);

    /// <summary>The bucket, or another one, below a prefix, through a port that may be a proxy's.</summary>
    public SourceDefinition Source(string prefix = "in", int? port = null, string? bucket = null, bool authenticated = true, IReadOnlyDictionary<string, string>? read = null) => new()
    {
        Source = "store",
        Kind = SourceKind.File,
        Connection = ConnectionTo(port ?? Port, bucket ?? Bucket, prefix) with { AllowPrivateNetwork = true, Limits = Sources.Quick, Auth = authenticated ? Auth : null },
        Datasets = [new() { Dataset = "prices", Files = "*.csv", Read = new() { Options = read ?? new Dictionary<string, string>() } }],
    };

    protected abstract AuthenticationDefinition? Auth { get; }

    protected abstract ConnectionDefinition ConnectionTo(int port, string bucket, string prefix);

    protected abstract Task MakeBucketAsync();

    sealed class S3Store : Store
    {
        AmazonS3Client? _client;

        AmazonS3Client Client => _client ??= new(
            new BasicAWSCredentials("test-access-key", "test-secret-key"),
            new AmazonS3Config
            {
                ServiceURL = $"http://127.0.0.1:{Port}",
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            });

        public override (string Name, string Value)[] Settings => [("S3_KEY", "test-access-key"), ("S3_SECRET", "test-secret-key")];

        protected override AuthenticationDefinition Auth => new()
        {
            Kind = "aws",
            Options = new Dictionary<string, string> { ["accessKeyId"] = "${S3_KEY}", ["secretAccessKey"] = "${S3_SECRET}" },
        };

        public override Task PutAsync(string key, byte[] content) =>
            Client.PutObjectAsync(new() { BucketName = Bucket, Key = key, InputStream = new MemoryStream(content), UseChunkEncoding = false });

        public override Task DeleteAsync(string key) => Client.DeleteObjectAsync(Bucket, key);

        protected override ConnectionDefinition ConnectionTo(int port, string bucket, string prefix) => new()
        {
            System = "s3",
            BaseUrl = $"s3://{bucket}/{prefix}",
            Options = new Dictionary<string, string> { ["endpoint"] = $"http://127.0.0.1:{port}" },
        };

        protected override Task MakeBucketAsync() => Client.PutBucketAsync(Bucket);
    }

    sealed class GcsStore : Store
    {
        static readonly HttpClient Http = new();

        protected override AuthenticationDefinition? Auth => null; // the emulator asks nobody who he is

        public override async Task PutAsync(string key, byte[] content)
        {
            using var body = new ByteArrayContent(content);
            body.Headers.ContentType = new("text/csv");
            using var answer = await Http.PostAsync(new Uri($"http://127.0.0.1:{Port}/upload/storage/v1/b/{Bucket}/o?uploadType=media&name={Uri.EscapeDataString(key)}"), body);
            answer.EnsureSuccessStatusCode();
        }

        public override async Task DeleteAsync(string key)
        {
            using var answer = await Http.DeleteAsync(new Uri($"http://127.0.0.1:{Port}/storage/v1/b/{Bucket}/o/{Uri.EscapeDataString(key)}"));
            answer.EnsureSuccessStatusCode();
        }

        protected override ConnectionDefinition ConnectionTo(int port, string bucket, string prefix) => new()
        {
            System = "gcs",
            BaseUrl = $"gs://{bucket}/{prefix}",
            Options = new Dictionary<string, string> { ["endpoint"] = $"http://127.0.0.1:{port}" },
        };

        protected override Task MakeBucketAsync() => Task.CompletedTask;
    }

    sealed class BlobStoreOfTests(string connectionString) : Store
    {
        readonly BlobServiceClient _service = new(connectionString);

        BlobContainerClient Container => _service.GetBlobContainerClient(Bucket);

        public override (string Name, string Value)[] Settings =>
            [("SAS", Container.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, TimeProvider.System.GetUtcNow().AddHours(1)).Query)];

        protected override AuthenticationDefinition Auth => new() { Kind = "azure-sas", Options = new Dictionary<string, string> { ["value"] = "${SAS}" } };

        public override Task PutAsync(string key, byte[] content) => Container.GetBlobClient(key).UploadAsync(new MemoryStream(content), overwrite: true);

        public override Task DeleteAsync(string key) => Container.DeleteBlobAsync(key);

        protected override ConnectionDefinition ConnectionTo(int port, string bucket, string prefix) => new()
        {
            System = "azure-blob",
            BaseUrl = $"http://127.0.0.1:{port}/{_service.AccountName}/{bucket}/{prefix}",
        };

        protected override Task MakeBucketAsync() => Container.CreateAsync();
    }
}
