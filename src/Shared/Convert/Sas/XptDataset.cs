namespace DataIngestion.Conversion.Sas;

/// <summary>A data set of a transport file, as its head describes it.</summary>
/// <param name="FirstRow">Where its rows begin in the file.</param>
internal sealed record XptDataset(string Name, IReadOnlyList<SasColumn> Columns, int RowBytes, long FirstRow);
