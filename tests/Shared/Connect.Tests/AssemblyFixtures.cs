using DataIngestion.TestKit;

[assembly: AssemblyFixture(typeof(SharedServers))]
[assembly: AssemblyFixture(typeof(AzuriteFixture))]
