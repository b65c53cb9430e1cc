using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Finds a stream by its name, among those that a manifest has and those that it makes of components when it runs.</summary>
internal sealed class StreamFinder(ManifestDocument manifest, LowCodeRun run)
{
    /// <summary>Finds it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="found">Told about it, once.</param>
    /// <returns>What has to be asked for it.</returns>
    /// <exception cref="StepFailedException">There is none, or it cannot be run.</exception>
    public IEnumerable<Step> Find(string name, Action<Part> found)
    {
        if (manifest.Streams.FirstOrDefault(s => s.Name == name && IsThere(s)) is { } stream)
        {
            if (stream.Faults is [var fault, ..])
                throw Invalid($"The stream '{name}' cannot be run: {fault.File}:{fault.Line}: {fault.Message}");
            found(new(stream.Component));
            yield break;
        }

        List<string> others = [.. manifest.Streams.Where(IsThere).Select(s => s.Name)];
        foreach (var dynamic in manifest.DynamicStreams.Select(component => new Part(component)))
        {
            Part? match = null;
            var resolver = ComponentsResolver.Of(dynamic, run);
            foreach (var step in resolver.Resolve(part =>
            {
                var its = NameOf(part);
                others.Add(its);
                if (its == name)
                    match ??= part;
            }))
            {
                yield return step;
            }

            if (match is null)
                continue;
            var checks = new ManifestChecks();
            checks.Component(match.Component, "stream_template");
            if (checks.Faults is [var fault, ..])
                throw Invalid($"The stream '{name}' cannot be run: {fault.File}:{fault.Line}: {fault.Message}");
            found(match);
            yield break;
        }

        throw Invalid($"The manifest '{manifest.File}' has no stream '{name}': {Suggestion.Phrase(name, others)}");
    }

    string NameOf(Part part) => part.Expression("name")?.TextEntry(run.Context) ?? "";

    bool IsThere(ManifestStream stream)
    {
        try
        {
            return stream.Condition?.Holds(run.Context) is not false;
        }
        catch (TemplateException wrong)
        {
            throw Invalid(wrong.Message);
        }
    }

    static StepFailedException Invalid(string message) => new(new() { Code = "configuration-invalid", Message = message });
}
