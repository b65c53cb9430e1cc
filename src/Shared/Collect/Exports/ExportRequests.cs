using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The requests of one export.</summary>
internal sealed class ExportRequests(SourceDatasetDefinition dataset, AskedWindow window, Slice slice)
{
    // What the definition says of cursors, pages and partitions is about the submission.
    readonly SourceDatasetDefinition _bare = dataset with { Cursor = null, Pagination = null, Partitions = [], Export = null };

    /// <summary>Submits a job; or asks for what is being prepared, where there are no jobs.</summary>
    public SourceRequest Submit() => new RequestTemplate(dataset with { Pagination = null }, window.From, window.To, slice.Asked).Fill();

    /// <summary>Asks as a request of the export says.</summary>
    /// <param name="definition">The request; null where what it is about is its own address.</param>
    /// <param name="address">That address: absolute, or a path below the connection's base address.</param>
    /// <param name="job">The job.</param>
    /// <param name="part">The part.</param>
    public SourceRequest Of(RequestDefinition? definition, string address, string? job = null, string? part = null)
    {
        if (definition is null)
            return new() { Path = Placeholders.Checked(address), Auth = dataset.Request!.Auth, Weight = dataset.Request.Weight };
        var named = new Dictionary<string, string>(slice.Asked);
        if (job is not null)
            named["job"] = job;
        if (part is not null)
            named["part"] = part;
        return new RequestTemplate(_bare with { Request = definition }, window.From, window.To, named).Fill();
    }
}
