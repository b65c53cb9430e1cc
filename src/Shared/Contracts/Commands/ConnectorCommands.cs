namespace DataIngestion.Contracts;

/// <summary>Asks the connector whether a source can be reached with the credentials it has.</summary>
/// <param name="Source">The source as configured when the run began.</param>
public sealed record ConnectArguments(SourceDefinition Source);

/// <summary>The source answered.</summary>
/// <param name="Endpoint">What was asked, without secrets.</param>
/// <param name="Detail">What it said, in one line.</param>
/// <param name="RoundTrip">How long the answer took.</param>
public sealed record ConnectResult(string Endpoint, string Detail, TimeSpan RoundTrip);
