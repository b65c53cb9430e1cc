namespace DataIngestion.Cli.Shipping;

/// <summary>Compares what an environment is made of with what it was made of, without Azure.</summary>
internal sealed class Snapshots(CommandEnvironment environment, BicepTemplates templates)
{
    readonly ShippingFolder _folder = new(environment);

    /// <summary>Makes the snapshot of now and prints what differs.</summary>
    /// <param name="deployment">The environment.</param>
    /// <param name="against">A snapshot or a folder of them; null for the one that was kept last.</param>
    /// <param name="keep">Whether the snapshot is kept for the next comparison. The first one always is.</param>
    /// <param name="json">One object a changed resource.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task CompareAsync(string deployment, string? against, bool keep, bool json, CancellationToken cancellationToken)
    {
        var kept = Path.Combine(_folder.Snapshots, BicepTemplates.SnapshotName(deployment));
        var old = against is null ? kept : Find(against, deployment);
        await environment.Error.WriteLineAsync("Azure is not asked; snapshots are compared ...");
        var made = await templates.SnapshotAsync(deployment, cancellationToken);
        var isFirst = !File.Exists(old);
        var changes = SnapshotDiff.Of(isFirst ? "{}" : await File.ReadAllTextAsync(old, cancellationToken), await File.ReadAllTextAsync(made, cancellationToken));
        if (json)
            changes.ToList().ForEach(environment.WriteJson);
        else
            await PrintAsync(deployment, isFirst ? null : old, changes);
        if (keep || isFirst)
        {
            Directory.CreateDirectory(_folder.Snapshots);
            File.Copy(made, kept, overwrite: true);
        }
    }

    string Find(string against, string deployment)
    {
        var path = environment.Resolve(against);
        if (Directory.Exists(path))
            path = Path.Combine(path, BicepTemplates.SnapshotName(deployment));
        return File.Exists(path) ? path : throw new CommandFailedException(ExitCodes.NotFound, $"There is no snapshot of {deployment} at '{path}'.");
    }

    async Task PrintAsync(string deployment, string? old, IReadOnlyList<ResourceChange> changes)
    {
        foreach (var change in changes)
        {
            await environment.Output.WriteLineAsync($"{change.Kind switch { "create" => "+", "delete" => "-", _ => "~" }} {change.Resource}");
            foreach (var property in change.Changes)
                await environment.Output.WriteLineAsync($"    {property.Path}: {property.Before ?? "nothing"} => {property.After ?? "nothing"}");
        }

        await environment.Output.WriteLineAsync(old is null
            ? $"{deployment}: {changes.Count} resources; there was no snapshot to compare with, so this one is kept."
            : $"{deployment}: {changes.Count(c => c.Kind == "create")} to create, {changes.Count(c => c.Kind == "modify")} to modify, {changes.Count(c => c.Kind == "delete")} to delete, against {old}.");
    }
}
