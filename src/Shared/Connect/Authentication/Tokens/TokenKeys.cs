using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>
/// Seals what is kept of tokens: AES-256-GCM, bound to the key that it is kept under. Where <c>Ingestion:EncryptionKey</c> names a key in Key Vault,
/// data keys that it wraps seal, see <see cref="DataKeys"/>. Else the setting <c>Ingestion:TokenKey</c> holds the key, 32 bytes in base64, or
/// refers to it; several, separated by spaces, let it be changed: the first seals, all open, and they still open when the vault has taken over.
/// On one machine without those settings the key is in a file that its owner alone may read.
/// </summary>
internal sealed class TokenKeys(SecretReader secrets, IConfiguration settings, TimeProvider time, StorageClients? storage = null, DataKeys? vault = null)
{
    const int KeyBytes = 32;
    const string OfVault = "kv-";
    static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    /// <summary>Seals a text.</summary>
    /// <returns>Which key it is sealed with, and base64.</returns>
    public async Task<string> SealAsync(string place, string text, CancellationToken cancellationToken)
    {
        var (name, key) = await SealingAsync(cancellationToken);
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(place));
        return $"{name}:{Convert.ToBase64String(sealedBytes)}";
    }

    /// <summary>Opens what was sealed for the same place.</summary>
    /// <returns>The text; null when it was changed, or sealed with a key that is not there.</returns>
    public async Task<string?> OpenAsync(string place, string sealedText, CancellationToken cancellationToken)
    {
        var (name, content) = sealedText.Split(':') is [var first, var second] ? (first, second) : ("", "");
        if (await OpeningAsync(name, cancellationToken) is not { } key)
            return null;
        try
        {
            var bytes = Convert.FromBase64String(content);
            if (bytes.Length < NonceBytes + TagBytes)
                return null;
            var plain = new byte[bytes.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length), plain, Encoding.UTF8.GetBytes(place));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception changed) when (changed is CryptographicException or FormatException)
        {
            return null;
        }
    }

    async Task<(string Name, byte[] Key)> SealingAsync(CancellationToken cancellationToken)
    {
        if (vault is not null)
        {
            var key = await vault.ForSealingAsync(cancellationToken);
            return (OfVault + key.Name, key.Bytes);
        }

        var first = (await KeysAsync(cancellationToken))[0];
        return (NameOf(first), first);
    }

    async Task<byte[]?> OpeningAsync(string name, CancellationToken cancellationToken)
    {
        if (name.StartsWith(OfVault, StringComparison.Ordinal))
            return vault is null ? null : (await vault.ForOpeningAsync(name[OfVault.Length..], cancellationToken))?.Bytes;
        return vault is not null && settings["Ingestion:TokenKey"] is not { Length: > 0 }
            ? null
            : (await KeysAsync(cancellationToken)).FirstOrDefault(k => NameOf(k) == name);
    }

    async Task<IReadOnlyList<byte[]>> KeysAsync(CancellationToken cancellationToken)
    {
        if (settings["Ingestion:TokenKey"] is { Length: > 0 } setting)
        {
            var keys = (await secrets.ResolveAsync(setting, cancellationToken)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return keys.Length > 0 ? Array.ConvertAll(keys, text => Parse(text, "The setting 'Ingestion:TokenKey'")) : throw Fail("setting-invalid", "The setting 'Ingestion:TokenKey' is empty: expected 32 bytes in base64.");
        }

        if (storage is not null && !storage.Blobs.Uri.IsLoopback)
            throw Fail("setting-missing", $"Tokens are shared through the storage account '{storage.Blobs.AccountName}', but there is no key to seal them with: set 'Ingestion:EncryptionKey' to a key in Key Vault, or 'Ingestion:TokenKey' to 32 bytes in base64 ('openssl rand -base64 32') or to a reference such as ${{keyvault:token-key}}.");
        return [await KeyOnThisMachineAsync(settings["Ingestion:TokenKeyFile"] ?? DefaultFile(), cancellationToken)];
    }

    static string DefaultFile() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? Path.Combine(folder, "data-ingestion", "token.key")
            : throw Fail("setting-missing", "There is no folder for the key that tokens are sealed with, because this user has no home: set 'Ingestion:TokenKeyFile' or 'Ingestion:TokenKey'.");

    async Task<byte[]> KeyOnThisMachineAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var hold = await HoldAsync($"{path}.lock", cancellationToken); // two processes would make two keys
            await using (hold.ConfigureAwait(false))
            {
                if (!File.Exists(path))
                {
                    var draft = $"{path}.draft";
                    await File.WriteAllTextAsync(draft, "", cancellationToken);
                    if (!OperatingSystem.IsWindows())
                        File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                    await File.WriteAllTextAsync(draft, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)), cancellationToken);
                    File.Move(draft, path);
                }
            }
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
            throw Fail("secret-refused", $"Others may read '{path}', which holds the key that tokens are sealed with: 'chmod 600' it, or delete it to have another one made.");
        return Parse(await File.ReadAllTextAsync(path, cancellationToken), $"'{path}'");
    }

    async Task<FileStream> HoldAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
            }
        }
    }

    static byte[] Parse(string text, string where)
    {
        var bytes = new byte[KeyBytes];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == KeyBytes
            ? bytes
            : throw Fail("setting-invalid", $"{where} is no key: expected 32 bytes in base64, such as 'openssl rand -base64 32' makes.");
    }

    static string NameOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4));

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });
}
