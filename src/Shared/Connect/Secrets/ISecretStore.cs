using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A place outside this process where secrets are. Register it as a singleton.</summary>
internal interface ISecretStore
{
    /// <summary>What the names of its references begin with, such as <see cref="SecretReference.File"/>.</summary>
    string Prefix { get; }

    /// <summary>Reads a secret.</summary>
    /// <param name="name">Its name without the prefix.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its value; null when there is none.</returns>
    /// <exception cref="StepFailedException">It may not be read (<c>secret-refused</c>), or not now (<c>secret-unavailable</c>, transient).</exception>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);
}
