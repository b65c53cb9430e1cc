using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Observe.Cost;

/// <summary>Names a process among all that ever ran.</summary>
internal static class InstanceId
{
    /// <summary>Twelve characters that follow from the platform's name for the instance (the machine's where there is none), the process and a random part.</summary>
    public static string Of(IConfiguration configuration)
    {
        var place = configuration["WEBSITE_INSTANCE_ID"] ?? configuration["CONTAINER_NAME"] ?? Environment.MachineName;
        var name = $"{place} {Environment.ProcessId} {Guid.NewGuid()}"; // a container restarts with the same name and process id
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 6));
    }
}
