using System.Text;

namespace DataIngestion.Collect;

/// <summary>Texts counted in characters (code points) rather than UTF-16 units. Almost all texts have no other characters, which is seen at once.</summary>
internal static class Characters
{
    /// <summary>How many there are.</summary>
    public static int Count(string text) => IsPlain(text) ? text.Length : text.EnumerateRunes().Count();

    /// <summary>The characters from one place (inclusive) to another (exclusive), by a step.</summary>
    public static string Take(string text, IEnumerable<int> places)
    {
        var taken = new StringBuilder();
        if (IsPlain(text))
        {
            foreach (var place in places)
                taken.Append(text[place]);
            return taken.ToString();
        }

        var runes = text.EnumerateRunes().ToArray();
        foreach (var place in places)
            taken.Append(runes[place].ToString());
        return taken.ToString();
    }

    static bool IsPlain(string text) => !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');
}
