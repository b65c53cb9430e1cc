using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Tests.Inference;

public sealed class ProfileMergeTests
{
    static readonly string[] Cells =
        ["1", "-2.50", "1.234", "1,234", "1.234,5", "(5)", "5-", "$5", "5%", "yes", "N", "30:00:00", "PT5M", "20240102", "20240102153000", "1e5", "007", "true", "NA", "", "2024-01-02", "13/01/2024", "01/13/2024", "x", "10:00:00.123456789", "2024-01-02T10:00:00.5Z", "99999999999999999999"];

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

            var whole = Columns.Profile(cells);
            var left = Columns.Profile(cells[..one]);
            left.Merge(Columns.Profile(cells[one..two]), one);
            left.Merge(Columns.Profile(cells[two..]), two);
            var right = Columns.Profile(cells[one..two]);
            right.Merge(Columns.Profile(cells[two..]), two - one);
            var first = Columns.Profile(cells[..one]);
            first.Merge(right, one);

            Assert.Equal(Describe(whole), Describe(left));
            Assert.Equal(Describe(whole), Describe(first));
        }
    }

    static string Describe(ColumnProfile profile)
    {
        var found = profile.Infer();
        var (nulls, spellings) = profile.NullsAs(found.Type);
        return $"{found.Type} like {found.Format} because {found.Evidence}; {profile.Cells} cells, {profile.Values} values, {nulls} nulls {string.Join(' ', spellings)}; "
            + $"{profile.Decision}; {string.Join(' ', profile.Examples)}; "
            + string.Join(' ', profile.Sightings.OrderBy(s => s.Shape).ThenBy(s => s.Digits).Select(s => $"{s.Shape}/{s.Digits} {s.Count} {s.Least} {s.Most} {s.Text} {s.Row} {s.Pattern}"));
    }
}
