namespace DataIngestion.Contracts.Tests.Configuration;

public sealed class MutationTests
{
    public static TheoryData<string> Files => [.. ConfigurationFolder.Valid.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_without_one_of_its_characters_loads_or_gives_faults_with_lines(string path) =>
        Check(path, text => Enumerable.Range(0, text.Length).Select(i => text.Remove(i, 1)));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_with_one_odd_character_loads_or_gives_faults_with_lines(string path) =>
        Check(path, text =>
        {
            var random = new Random(42);
            const string Odd = "\t\0\"'{}[]&*!|>%@`#:-?,\u0085\u2028\uFFFEé\r\n ";
            return Enumerable.Range(0, 400).Select(_ => text.Insert(random.Next(text.Length + 1), Odd[random.Next(Odd.Length)].ToString()));
        });

    static void Check(string path, Func<string, IEnumerable<string>> mutate)
    {
        using var folder = new ConfigurationFolder();
        foreach (var mutant in mutate(ConfigurationFolder.Valid[path]))
        {
            folder.Write(path, mutant);
            try
            {
                folder.Load();
            }
            catch (ConfigurationException broken)
            {
                Assert.NotEmpty(broken.Faults);
                Assert.All(broken.Faults, fault =>
                {
                    Assert.False(string.IsNullOrWhiteSpace(fault.Message));
                    var lines = 1 + File.ReadAllText(fault.File).ReplaceLineEndings("\n").Count(c => c == '\n');
                    Assert.InRange(fault.Line, 1, lines);
                });
            }
            catch (Exception other)
            {
                Assert.Fail($"{other}\n---\n{mutant}");
            }
        }
    }
}
