using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Platform;

/// <summary>Where a local platform is, as it says itself: <c>.local/platform.json</c>, readable by its owner alone.</summary>
internal sealed record PlatformFile
{
    /// <summary>Base address of its HTTP API.</summary>
    public required string Url { get; init; }

    /// <summary>The host key that its HTTP functions ask for.</summary>
    public string? HostKey { get; init; }

    /// <summary>Connection string of its storage while it runs.</summary>
    public required string Storage { get; init; }

    /// <summary>The folder with everything it keeps.</summary>
    public required string Data { get; init; }

    /// <summary>The process that runs it.</summary>
    public int ProcessId { get; init; }

    /// <summary>The file's place for a checkout.</summary>
    public static string PathIn(string localFolder) => Path.Combine(localFolder, "platform.json");

    /// <summary>The platform that was started last; null if none was.</summary>
    public static PlatformFile? Read(string localFolder)
    {
        try
        {
            using var file = File.OpenRead(PathIn(localFolder));
            return JsonSerializer.Deserialize<PlatformFile>(file, ContractJson.Options);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException fault)
        {
            throw new CommandFailedException(
                ExitCodes.Configuration, $"'{PathIn(localFolder)}' cannot be read ({fault.Message}): delete it and start the platform again with 'ingest up'.", fault);
        }
    }

    /// <summary>Writes the file, replacing an older one in one step; mode 0600 where the system has modes.</summary>
    public void Write(string localFolder)
    {
        System.IO.Directory.CreateDirectory(localFolder);
        var path = PathIn(localFolder);
        var draft = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
            JsonSerializer.Serialize(file, this, ContractJson.Indented);
        File.Move(draft, path, overwrite: true);
    }
}
