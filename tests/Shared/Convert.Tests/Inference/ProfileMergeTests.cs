using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Tests.Inference;

public sealed class ProfileMergeTests
{
    static readonly string[] Cells =
        ["1", "-2.50", "1e5", "007", "true", "NA", "", "2024-01-02", "13/01/2024", "01/13/2024", "x", "10:00:00.123456789", "2024-01-02T10:00:00.5Z", "99999999999999999999"];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Parts_merge_to_the_profile_of_the_whole_wherever_it_is_cut(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var alphabet = random.GetItems(Cells, random.Next(1, 4));
            var cells = random.GetItems(alphabet, random.Next(1, 12));
            var (one, two) = (random.Next(cells.Length + 1), random.Next(cells.Length + 1));
            (one, two) = (Math.Min(one, two), Math.Max(one, two));

            var whole = Profile(cells);
            var left = Profile(cells[..one]);
            left.Merge(Profile(cells[one..two]), one);
            left.Merge(Profile(cells[two..]), two);
            var right = Profile(cells[one..two]);
            right.Merge(Profile(cells[two..]), two - one);
            var first = Profile(cells[..one]);
            first.Merge(right, one);

            Assert.Equal(Describe(whole), Describe(left));
            Assert.Equal(Describe(whole), Describe(first));
        }
    }

    static ColumnProfile Profile(string[] cells)
    {
        var profile = new ColumnProfile(new(FormatHint.DefaultNullSpellings));
        for (var i = 0; i < cells.Length; i++)
            profile.Add(Encoding.UTF8.GetBytes(cells[i]), CellKind.Text, i + 1);
        return profile;
    }

    static string Describe(ColumnProfile profile)
    {
        var (type, evidence) = profile.Infer();
        var (nulls, spellings) = profile.NullsAs(type);
        return $"{type} because {evidence}; {profile.Cells} cells, {profile.Values} values, {nulls} nulls {string.Join(' ', spellings)}; {profile.Dates}";
    }
}
