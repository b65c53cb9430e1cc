using System.Text;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>
/// Secrets in files, as Docker and Kubernetes mount them: below the folders of the setting <c>Ingestion:SecretFolders</c> only, separated
/// by <c>;</c> (default <c>/run/secrets;/mnt/secrets</c>), so that a reference reads no other file of the machine.
/// </summary>
internal sealed class FileSecrets(IConfiguration settings) : ISecretStore
{
    /// <summary>Bytes of one file: a certificate with its chain is a few thousand.</summary>
    public const int MaxBytes = 64 << 10;

    public string Prefix => SecretReference.File;

    string[] Folders => (settings["Ingestion:SecretFolders"] ?? "/run/secrets;/mnt/secrets").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // Where the links lead counts: Kubernetes mounts secrets as links within the folder.
            if (Path.GetFullPath(name) != name || !Folders.Any(folder => IsBelow(name, folder) && IsBelow(RealPath(name), RealPath(folder))))
                throw Refuse(name, $"it is not below one of the folders {string.Join(", ", Folders)}. Put it there, or add its folder to the setting 'Ingestion:SecretFolders'");
            var file = new FileStream(name, new FileStreamOptions { Options = FileOptions.Asynchronous });
            await using (file.ConfigureAwait(false))
            {
                if (file.Length > MaxBytes)
                    throw Refuse(name, $"it has {file.Length:N0} bytes: expected at most {MaxBytes:N0}");
                var bytes = new byte[file.Length];
                await file.ReadExactlyAsync(bytes, cancellationToken);
                return Text(name, bytes);
            }
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw Refuse(name, $"it cannot be read ({fault.GetType().Name})");
        }
    }

    static string Text(string name, byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(name, "it is not text in UTF-8");
        }
    }

    static bool IsBelow(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    static string RealPath(string path)
    {
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target)
                real = target.FullName == real ? real : RealPath(target.FullName);
        }

        return real;
    }

    static StepFailedException Refuse(string name, string why) => new(new() { Code = "secret-refused", Message = $"The file '{name}' that the configuration refers to is not read: {why}." });
}
