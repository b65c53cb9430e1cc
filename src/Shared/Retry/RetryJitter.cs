using System.Security.Cryptography;
using System.Text;

namespace DataIngestion.Retry;

/// <summary>
/// Randomness that is a function of a seed and of what it is for, so that a decision asked for twice is the same decision,
/// on whichever machine, while different runs spread.
/// </summary>
/// <param name="seed">Give deployments that share a source different seeds.</param>
public sealed class RetryJitter(int seed = 0)
{
    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double Next(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{key}"));
        return (BitConverter.ToUInt64(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
