using DataIngestion.Contracts;

namespace DataIngestion.Recover;

/// <summary>What a disaster does to something that the platform stores.</summary>
public enum Fate
{
    /// <summary>It cannot be made again: it is backed up and restored.</summary>
    BackedUp,

    /// <summary>It is not backed up: the platform makes it again from what is.</summary>
    MadeAgain,

    /// <summary>It is not backed up and what was in it is gone; the reason says why that is bearable.</summary>
    Lost,
}

/// <summary>Something that the platform stores, with what a disaster does to it.</summary>
/// <param name="Kind"><c>container</c>, <c>folder</c>, <c>table</c> or <c>queue</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Reason">Why, or what it is made from.</param>
public sealed record StoredThing(string Kind, string Name, Fate Fate, string Reason);

/// <summary>
/// Every container, table and queue of the platform. What is in nobody's list here is backed up, so that something new is never lost for
/// want of an entry; a test holds the list against the names in the code.
/// </summary>
public static class Inventory
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<StoredThing> All { get; } =
    [
        new("container", Containers.Landing, Fate.BackedUp, "The raw bytes; a vendor does not send yesterday's again."),
        new("container", Containers.Curated, Fate.BackedUp, "Could be converted again from landing, in days rather than hours."),
        new("container", Containers.Datasets, Fate.BackedUp, "Snapshots and the pointers to the current ones; what was known when cannot be made again."),
        new("container", Containers.Quarantine, Fate.BackedUp, "Rejected rows are evidence."),
        new("container", Containers.Models, Fate.BackedUp, "Trained on data that has moved on."),
        new("container", Containers.Audit, Fate.BackedUp, "The record of what happened."),
        new("container", Containers.Drop, Fate.BackedUp, "Files that were not ingested yet; those that were lie in landing and are not put back."),
        new("container", Containers.Control, Fate.BackedUp, "Cursors, schedules, open and ended runs, tokens, lists of files seen, bodies of dead letters."),
        new("container", "undelivered-events", Fate.BackedUp, "What Event Grid could not deliver, for people to look at."),
        new("container", Containers.Backups, Fate.Lost, "The account's own backups of its tables; a backup does not hold backups."),
        new("folder", $"{Containers.Control}/replies", Fate.MadeAgain, "Large answers of the ledger of commands, see the table commands."),
        new("table", "deadletters", Fate.BackedUp, "What people still have to look at."),
        new("table", "QuotaAccounts", Fate.BackedUp, "What was used of vendors' budgets; without it a day's budget would begin anew."),
        new("table", "datakeys", Fate.BackedUp, "The keys that tokens are sealed with, wrapped by the vault's key; without them every consent would have to be given again."),
        new("table", "commands", Fate.MadeAgain, "Which steps were done: an open run does them again, into the same paths with the same bytes."),
        new("queue", Queues.IngestionRequests, Fate.MadeAgain, "From the schedules, the open runs and the files in drop; an order over HTTP that was not begun is in control/requests."),
        new("queue", Queues.DataConnector, Fate.MadeAgain, "The managers of open runs ask again."),
        new("queue", Queues.DataCollector, Fate.MadeAgain, "The managers of open runs ask again."),
        new("queue", Queues.DataConverter, Fate.MadeAgain, "The managers of open runs ask again."),
        new("queue", Queues.DataMerger, Fate.MadeAgain, "The managers of open runs ask again."),
        new("queue", Queues.DataFetchRetry, Fate.MadeAgain, "The managers of open runs ask again."),
        new("queue", Queues.LifecycleEvents, Fate.Lost, "Events of the last seconds that were not published; open runs announce theirs again."),
        new("queue", Queues.DroppedFiles, Fate.MadeAgain, "Event Grid repeats what was not taken for a day; a file without a run is put into drop again by restore."),
    ];

    static readonly HashSet<string> LeftOutTables =
        All.Where(t => t is { Kind: "table", Fate: not Fate.BackedUp }).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    static readonly string[] LeftOutFolders = [.. All.Where(t => t is { Kind: "folder", Fate: not Fate.BackedUp }).Select(t => t.Name + "/")];

    /// <summary>Whether a container is backed up: all but our own backups and those of the Functions host and its task hubs.</summary>
    public static bool HoldsContainer(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name is not Containers.Backups && !name.StartsWith('$') && !name.StartsWith("azure-webjobs-", StringComparison.Ordinal)
            && !name.EndsWith("-leases", StringComparison.Ordinal) && !name.EndsWith("-applease", StringComparison.Ordinal) && !name.EndsWith("-largemessages", StringComparison.Ordinal);
    }

    /// <summary>Whether a table is backed up: all but those that are made again and those of the Functions host and its task hubs.</summary>
    public static bool HoldsTable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !LeftOutTables.Contains(name) && !name.StartsWith("AzureFunctions", StringComparison.Ordinal) && !name.StartsWith("AzureWebJobs", StringComparison.Ordinal)
            && !name.EndsWith("History", StringComparison.Ordinal) && !name.EndsWith("Instances", StringComparison.Ordinal) && !name.EndsWith("Partitions", StringComparison.Ordinal);
    }

    /// <summary>Whether a blob of such a container is backed up.</summary>
    public static bool HoldsBlob(LakePath path)
    {
        var text = path.ToString();
        return !LeftOutFolders.Any(folder => text.StartsWith(folder, StringComparison.Ordinal));
    }
}
