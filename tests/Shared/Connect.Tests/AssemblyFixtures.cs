using DataIngestion.TestKit;

[assembly: AssemblyFixture(typeof(SharedServers))]
