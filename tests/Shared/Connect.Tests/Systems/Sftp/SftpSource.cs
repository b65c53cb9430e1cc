using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>Sources on the test's SFTP server.</summary>
internal sealed class SftpSource(TestServer server, int? port = null) : IDisposable
{
    static int Folders;

    readonly string _name = $"data{Interlocked.Increment(ref Folders)}";

    /// <summary>The folder that the source reads, for this object alone.</summary>
    public string Folder { get; } = "";

    public static async Task<SftpSource> StartAsync(SharedServers servers) => new(await servers.GetAsync("openssh"));

    public string Files => Directory.CreateDirectory(Path.Combine(server.Folder, "files", _name)).FullName;

    public string User => File.ReadAllText(Path.Combine(server.Folder, "user")).Trim();

    public string HostKey
    {
        get
        {
            var words = File.ReadAllText(Path.Combine(server.Folder, "host_key.pub")).Split(' ');
            return HostKeys.FingerprintOf(Convert.FromBase64String(words[1]));
        }
    }

    public string Key(string name) => File.ReadAllText(Path.Combine(server.Folder, "keys", name));

    /// <summary>Writes a file that has settled.</summary>
    public string Put(string name, string text, TimeSpan? age = null)
    {
        var path = Path.Combine(Files, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.FromHours(1)));
        return path;
    }

    public SourceDefinition Source(
        AuthenticationDefinition? auth = null, Dictionary<string, string>? connection = null, Dictionary<string, string>? read = null, string? folder = null, string? path = null, LimitsDefinition? limits = null) => new()
        {
            Source = "vendor",
            Kind = SourceKind.File,
            Connection = new()
            {
                System = "sftp",
                BaseUrl = $"sftp://127.0.0.1:{port ?? server.Port}{path ?? Files}",
                Auth = auth ?? new() { Kind = "ssh-key", Options = new Dictionary<string, string> { ["user"] = User, ["value"] = "${KEY}" } },
                AllowPrivateNetwork = true,
                Limits = limits ?? Sources.Quick,
                Options = connection ?? new() { ["hostKey"] = HostKey },
            },
            Datasets = [new() { Dataset = "prices", Files = "*", Read = new() { Object = folder, Options = read ?? [] } }],
        };

    public ReaderHarness Read(SourceDefinition? source = null) =>
        new(source ?? Source(), settings: [("KEY", Key("ed25519")), ("PASSWORD", "test-password"), ("PASSPHRASE", "test-passphrase"), ("WRONG", "not-the-password")]);

    public void Dispose() => Directory.Delete(Files, recursive: true);
}
