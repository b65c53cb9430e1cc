using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Recover;

/// <summary>
/// The order in which a live account is copied, so that nothing in the copy refers to what the copy does not hold: what refers is read before
/// what it refers to, and data is never removed while something refers to it. A restore goes the other way.
/// </summary>
internal enum Section
{
    /// <summary>How far schedules were followed. Too old is harmless: the slot's run is asked for again and was begun or was not.</summary>
    Schedules,

    /// <summary>Open runs. Too old is harmless: what they did is done again into the same paths.</summary>
    OpenRuns,

    /// <summary>Ended runs, after the open ones: a run that ends meanwhile is in both, never in neither.</summary>
    EndedRuns,

    /// <summary>Cursors. A cursor moves after its data is published, so pointers that are read later hold all that it covers.</summary>
    Cursors,

    /// <summary>Tables; the bodies of dead letters are written before their rows.</summary>
    Tables,

    /// <summary>Datasets' pointers; snapshots are written before them.</summary>
    Pointers,

    /// <summary>Everything else.</summary>
    Data,
}

/// <summary>Tells the section of a blob.</summary>
internal static class Sections
{
    public const string Schedules = "schedules/";
    public const string Cursors = "cursors/";
    public static readonly string OpenRuns = RunRegister.Open.Name + "/";
    public static readonly string EndedRuns = RunRegister.Ended.Name + "/";

    public static Section Of(LakePath path) => path.Container switch
    {
        Containers.Control when path.Name.StartsWith(Schedules, StringComparison.Ordinal) => Section.Schedules,
        Containers.Control when path.Name.StartsWith(OpenRuns, StringComparison.Ordinal) => Section.OpenRuns,
        Containers.Control when path.Name.StartsWith(EndedRuns, StringComparison.Ordinal) => Section.EndedRuns,
        Containers.Control when path.Name.StartsWith(Cursors, StringComparison.Ordinal) => Section.Cursors,
        Containers.Datasets when path.FileName == "current.json" && path.Name.IndexOf('/', StringComparison.Ordinal) == path.Name.LastIndexOf('/') => Section.Pointers,
        _ => Section.Data,
    };
}
