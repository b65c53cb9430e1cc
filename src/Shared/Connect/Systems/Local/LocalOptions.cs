namespace DataIngestion.Connect;

/// <summary>Folders of the machine need no options; the setting <c>Ingestion:LocalFolders</c> says which may be read.</summary>
public sealed record LocalOptions;
