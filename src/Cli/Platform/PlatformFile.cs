using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Platform;

/// <summary>Where a local platform is, as it says itself: <c>platform.json</c> in <c>.local/</c> and in its data folder, readable by its owner alone.</summary>
internal sealed record PlatformFile
{
    /// <summary>Base address of its HTTP API.</summary>
    public required string Url { get; init; }

    /// <summary>The host key that its HTTP functions ask for.</summary>
    public string? HostKey { get; init; }

    /// <summary>Connection string of its storage while it runs.</summary>
    public required string Storage { get; init; }

    /// <summary>Connection string of the account with its blobs and tables; null when that is the same.</summary>
    public string? DataStorage { get; init; }

    /// <summary>The folder with everything it keeps.</summary>
    public required string Data { get; init; }

    /// <summary>Where its storage emulator keeps its data, so that it can be read when the platform has stopped; null when the storage is not an emulator of its own.</summary>
    public string? EmulatorData { get; init; }

    /// <summary>The process that runs it.</summary>
    public int ProcessId { get; init; }

    /// <summary>Whether its process is there. The number may have gone to another program since; one of ours runs on the same runtime.</summary>
    [JsonIgnore]
    public bool IsRunning
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(ProcessId);
                using var self = Process.GetCurrentProcess();
                return process.ProcessName == self.ProcessName;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    /// <summary>The file's place in a folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "platform.json");

    /// <summary>The platform that last wrote into a folder; null if none did.</summary>
    public static PlatformFile? Read(string folder)
    {
        try
        {
            using var file = File.OpenRead(PathIn(folder));
            return JsonSerializer.Deserialize<PlatformFile>(file, ContractJson.Options);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException fault)
        {
            throw new CommandFailedException(
                ExitCodes.Configuration, $"'{PathIn(folder)}' cannot be read ({fault.Message}): delete it and start the platform again with 'ingest up'.", fault);
        }
    }

    /// <summary>Writes the file, replacing an older one in one step; mode 0600 where the system has modes.</summary>
    public void Write(string folder)
    {
        System.IO.Directory.CreateDirectory(folder);
        var path = PathIn(folder);
        var draft = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
            JsonSerializer.Serialize(file, this, ContractJson.Indented);
        File.Move(draft, path, overwrite: true);
    }
}
