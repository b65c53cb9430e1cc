using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;
using DataIngestion.Storage.Usage;

namespace DataIngestion.Observe.Cost;

/// <summary>Reads price lists.</summary>
public static class PriceLists
{
    /// <summary>The file's name in the configuration's folder.</summary>
    public const string FileName = "prices.yaml";

    static readonly string[] Operations = [.. Enum.GetValues<StorageOperation>().Select(o => o.Name())];

    /// <summary>Reads a price list.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigurationException">Something is wrong with it; every fault is named with its line.</exception>
    public static PriceList Read(string path)
    {
        var file = ConfigurationFile.Read<PriceList>(path);
        if (file.Definition is { } list)
        {
            foreach (var (environment, _) in list.Environments.Where(e => !ConfigurationId.IsValid(e.Key)))
                file.Report(new(list, $"{nameof(PriceList.Environments)}[{environment}]", $"'{environment}' is not a name for an environment: expected {ConfigurationId.Rule}."));
            foreach (var work in (WorkDefinition[])[list.Workload.Run, list.Workload.Gb])
            {
                foreach (var unknown in work.StorageOperations.Keys.Where(o => !Operations.Contains(o)))
                    file.Report(new(work, $"{nameof(WorkDefinition.StorageOperations)}[{unknown}]", $"unknown operation '{unknown}': {Suggestion.Phrase(unknown, Operations)}"));
            }
        }

        return file is { Definition: { } whole, Faults.Count: 0 } ? whole : throw new ConfigurationException(file.Faults);
    }
}
