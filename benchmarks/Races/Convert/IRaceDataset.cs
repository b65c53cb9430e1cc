using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>Seeded market data of any length.</summary>
internal interface IRaceDataset
{
    string Name { get; }

    /// <summary>The types that both sides are given.</summary>
    DataSchema Schema { get; }

    /// <summary>A generator that begins anew; the same records every time.</summary>
    WriteRecord Records();
}

/// <summary>Writes the next record.</summary>
internal delegate void WriteRecord(ref FieldWriter record);
