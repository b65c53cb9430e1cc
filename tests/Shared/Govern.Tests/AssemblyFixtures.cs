using DataIngestion.TestKit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
