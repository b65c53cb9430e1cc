using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>One large object of Ceph's gateway: through the source, and through the SDK alone.</summary>
internal sealed class S3Race : IConnectRace
{
    const int Megabytes = 512;
    const int PartBytes = 64 << 20;
    const int Rounds = 3;
    const string Bucket = "race";
    const string Key = "in/large.csv";

    public string Name => "s3";

    public string Server => "ceph-rgw";

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(Server, cancellationToken: cancellationToken);
        using var sdk = Client(server.Port);
        await FillAsync(sdk, cancellationToken);
        await using var stage = new ConnectStage(("S3_KEY", "test-access-key"), ("S3_SECRET", "test-secret-key"));
        var source = Source(server.Port);

        var (ours, theirs) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++) // in turn, the best of each
        {
            theirs = Min(theirs, await GetAsync(sdk, cancellationToken));
            ours = Min(ours, (await stage.ReadAsync(source, () => Stream.Null, cancellationToken)).Time);
        }

        var (mine, other) = (Megabytes / ours.TotalSeconds, Megabytes / theirs.TotalSeconds);
        report.Add(new RaceResult("connect", $"S3 get of {Megabytes} MiB, against the SDK's own stream", mine, other, "MiB/s", mine / other, null));
    }

    static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    static async Task<TimeSpan> GetAsync(AmazonS3Client sdk, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await sdk.GetObjectAsync(Bucket, Key, cancellationToken);
        await answer.ResponseStream.CopyToAsync(Stream.Null, 256 << 10, cancellationToken);
        return Stopwatch.GetElapsedTime(began);
    }

    static async Task FillAsync(AmazonS3Client sdk, CancellationToken cancellationToken)
    {
        await sdk.PutBucketAsync(Bucket, cancellationToken);
        var part = new byte[PartBytes];
        new Random(1).NextBytes(part);
        var upload = await sdk.InitiateMultipartUploadAsync(Bucket, Key, cancellationToken);
        var tags = new List<PartETag>();
        for (var number = 1; number <= Megabytes / (PartBytes >> 20); number++)
        {
            var put = await sdk.UploadPartAsync(
                new()
                {
                    BucketName = Bucket,
                    Key = Key,
                    UploadId = upload.UploadId,
                    PartNumber = number,
                    InputStream = new MemoryStream(part),
                    UseChunkEncoding = false,
                },
                cancellationToken);
            tags.Add(new(number, put.ETag));
        }

        await sdk.CompleteMultipartUploadAsync(new() { BucketName = Bucket, Key = Key, UploadId = upload.UploadId, PartETags = tags }, cancellationToken);
    }

    static AmazonS3Client Client(int port) => new(
        new BasicAWSCredentials("test-access-key", "test-secret-key"),
        new AmazonS3Config
        {
            ServiceURL = $"http://127.0.0.1:{port}",
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    static SourceDefinition Source(int port) => new()
    {
        Source = "race",
        Kind = SourceKind.File,
        Connection = new()
        {
            System = "s3",
            BaseUrl = $"s3://{Bucket}/in",
            AllowPrivateNetwork = true,
            Options = new Dictionary<string, string> { ["endpoint"] = $"http://127.0.0.1:{port}" },
            Auth = new() { Kind = "aws", Options = new Dictionary<string, string> { ["accessKeyId"] = "${S3_KEY}", ["secretAccessKey"] = "${S3_SECRET}" } },
            Limits = new() { AttemptTimeout = TimeSpan.FromMinutes(5) },
        },
        Datasets = [new() { Dataset = "race", Files = "*.csv" }],
    };
}
