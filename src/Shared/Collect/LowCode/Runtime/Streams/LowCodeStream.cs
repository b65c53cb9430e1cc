using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>One stream at work: its own, or one that others depend on.</summary>
internal sealed class LowCodeStream
{
    readonly Retriever _retriever;

    /// <param name="part">The stream.</param>
    /// <param name="run">The run.</param>
    /// <param name="states">Where it got.</param>
    /// <param name="parent">Its name, where another depends on it; null for the stream that is read.</param>
    /// <param name="parents">Makes the streams that it depends on.</param>
    public LowCodeStream(Part part, LowCodeRun run, StreamStates states, string? parent, ParentWork parents)
    {
        part = Delegated(part, states);
        if (part.Type is not ("DeclarativeStream" or ""))
            throw part.Unknown("stream");
        if (part.Has("file_uploader"))
            throw part.Fault("'file_uploader' cannot be run: files beside records are not collected.");
        _retriever = Retriever.Of(part.Needed("retriever"), run, new()
        {
            Stream = part.Text("name") ?? "",
            Transformations = [.. part.Children("transformations").Select(Transformation.Of)],
            Schema = SchemaOf(part),
            Cursor = StreamCursor.Of(part.Child("incremental_sync"), run),
            States = states,
            Parent = parent,
            Parents = parents,
        });
    }

    /// <summary>Reads its records.</summary>
    /// <param name="found">Told about each, with what was asked for.</param>
    /// <param name="isData">Whether the records are what is collected, or only lead to it.</param>
    public IEnumerable<Step> Read(Action<LowCodeMap, StreamSlice> found, bool isData) => _retriever.Read(found, isData);

    // All of it the first time, then by another stream what is new.
    static Part Delegated(Part part, StreamStates states) =>
        part.Type != "StateDelegatingStream" ? part : part.Needed(states.IsEmpty ? "full_refresh_stream" : "incremental_stream");

    static LowCodeMap? SchemaOf(Part part) =>
        part.Children("schema_loader").FirstOrDefault(loader => loader.Type == "InlineSchemaLoader")?.Plain("schema") as LowCodeMap;
}
