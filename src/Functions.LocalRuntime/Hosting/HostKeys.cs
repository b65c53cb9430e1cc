using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>The keys that open functions, from <c>host-keys.json</c> in the data folder; made at first start, readable by the owner only.</summary>
internal sealed class HostKeys
{
    public const string FileName = "host-keys.json";
    const string Header = "x-functions-key";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    readonly byte[][] _function;
    readonly byte[][] _system;

    HostKeys(Content content)
    {
        Master = content.MasterKey;
        Function = content.FunctionKeys.Values.First();
        System = content.SystemKeys.Values.First();
        _function = [Hash(Master), .. content.FunctionKeys.Values.Select(Hash)];
        _system = [Hash(Master), .. content.SystemKeys.Values.Select(Hash)];
    }

    /// <summary>Opens everything.</summary>
    public string Master { get; }

    /// <summary>Opens functions of level Function.</summary>
    public string Function { get; }

    /// <summary>Opens functions of level System and the endpoints of extensions.</summary>
    public string System { get; }

    /// <summary>Reads the file, or makes it.</summary>
    public static HostKeys Load(string folder, FaultList faults)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            var made = new Content(NewKey(), new(StringComparer.Ordinal) { ["default"] = NewKey() }, new(StringComparer.Ordinal) { ["durabletask_extension"] = NewKey() });
            Write(path, made);
            return new(made);
        }

        try
        {
            if (JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Json) is { MasterKey.Length: > 0, FunctionKeys.Count: > 0, SystemKeys.Count: > 0 } content)
                return new(content);
            faults.Add("host", path, "masterKey, functionKeys and systemKeys were expected. Delete the file to have new keys made.");
        }
        catch (JsonException wrong)
        {
            faults.Add("host", path, $"this is not JSON ({wrong.Message}). Delete the file to have new keys made.");
        }

        return new(new(NewKey(), new() { ["default"] = NewKey() }, new() { ["default"] = NewKey() }));
    }

    /// <summary>Whether a request carries a key that opens a level.</summary>
    public bool Admit(HttpRequest request, AuthorizationLevel level)
    {
        if (level == AuthorizationLevel.Anonymous)
            return true;
        var given = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query["code"].ToString();
        if (given.Length == 0)
            return false;
        var hash = Hash(given);
        return level switch
        {
            AuthorizationLevel.Function => Any(_function, hash),
            AuthorizationLevel.System => Any(_system, hash),
            _ => CryptographicOperations.FixedTimeEquals(_function[0], hash),
        };
    }

    static bool Any(byte[][] keys, byte[] hash)
    {
        var found = false;
        foreach (var key in keys)
            found |= CryptographicOperations.FixedTimeEquals(key, hash);
        return found;
    }

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    static void Write(string path, Content content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, content, Json);
    }

    sealed record Content(string MasterKey, Dictionary<string, string> FunctionKeys, Dictionary<string, string> SystemKeys);
}
